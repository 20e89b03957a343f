import { describe, expect, it } from 'vitest'
import { startTestMarket } from './support/test-market.ts'

const query = 'query ($where: Where) { tree(where: $where) }'
/** Words of a suggestion, over and over: to look for where it ends from each of them takes time by the square of its length. */
const text = 'Did you mean '.repeat(2_000)

describe.each(['development', 'production'])('what is wrong with a long value (%s)', (environment) => {
  it('is said in a few words, however many fields of it are wrong', async () => {
    const market = await startTestMarket({ env: { NODE_ENV: environment } })
    const unknown = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`unknown${index}`, 1]))
    const { errors } = await market.post(query, { variables: { where: { text, ...unknown } } })
    expect(errors).toHaveLength(11)
    expect(errors![0]!.message).toMatch(
      /^Variable "\$where" got invalid value .* … .*Field "unknown0" is not defined by type "Where"\.$/,
    )
    expect(JSON.stringify(errors).length).toBeLessThan(10_000)
    await market.stop()
  })

  it('is said with a suggestion only where the schema is no secret', async () => {
    const market = await startTestMarket({ env: { NODE_ENV: environment } })
    const { errors } = await market.post(query, { variables: { where: { text, minPrices: 1 } } })
    const said = 'Field "minPrices" is not defined by type "Where".'
    expect(errors![0]!.message.split('; ').at(-1)).toBe(environment === 'production' ? said : `${said} Did you mean "minPrice"?`)
    await market.stop()
  })
})
