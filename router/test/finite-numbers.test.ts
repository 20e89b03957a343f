import { buildSchema, parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { FiniteNumbersRule } from '../src/safety/finite-numbers.ts'
import { startTestMarket } from './support/test-market.ts'

const schema = buildSchema('type Query { rated(atLeast: Float): Int }')
const problems = (atLeast: string) =>
  validate(schema, parse(`{ rated(atLeast: ${atLeast}) }`), [FiniteNumbersRule]).map(({ message }) => message)

describe('numbers written into an operation', () => {
  it('are refused beyond every double, and only there', () => {
    expect(problems('4.5')).toEqual([])
    expect(problems('-1.7e308')).toEqual([])
    for (const endless of ['1e400', '-1e400', '9'.repeat(400)]) expect(problems(endless)).toEqual(['This number is too large'])
  })

  it('are held to it before an operation is planned', async () => {
    const market = await startTestMarket()
    const { errors } = await market.post('{ echo(text: 1e400) }', { headers: { 'accept-language': 'en' } })
    expect(errors?.map(({ message }) => message)).toContain('This number is too large')
    expect(errors?.[0]?.extensions['code']).toBe('GRAPHQL_VALIDATION_FAILED')
    await market.stop()
  })
})

describe('numbers in variables', () => {
  it('are refused beyond every double, and never handed on as not given', async () => {
    const market = await startTestMarket()
    const ask = (where: string) =>
      market.postText(`{"query":"query ($where: Where) { tree(where: $where) }","variables":{"where":${where}}}`)
    expect((await ask('{"minPrice":1.7e308}')).data).toEqual({ tree: 'tree' })
    market.bodies.length = 0
    for (const where of ['{"minPrice":1e400}', '{"and":[{"minPrice":-1e400}]}']) {
      const { data, errors } = await ask(where)
      expect([data, errors?.[0]?.extensions['code']]).toEqual([undefined, 'BAD_USER_INPUT'])
    }
    expect(market.bodies).toEqual([])
    await market.stop()
  })
})
