import { openSilentWay } from '@pasar/shared/testing/silent-way'
import { accountForTest } from '@pasar/shared/testing/account'
import { startForTest, type TestOperation, type TestSubgraph } from '@pasar/shared/testing/subgraph'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openUsers } from '../src/subgraph.ts'

const as = accountForTest()
const address = {
  label: 'Rumah',
  recipient: 'Budi',
  phone: '0812 3456 7890',
  street: 'Jl. Kebon Jeruk 27',
  districtCode: '31.73.05',
  postalCode: '11530',
}
const change = (name: string, input: object): TestOperation => ({
  query: `mutation ($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { __typename } }`,
  variables: { input },
  as,
})
const asked: readonly (readonly [string, TestOperation])[] = [
  ['reads what everybody may', { query: '{ shops { edges { node { id } } } }' }],
  ['reads what is theirs', { query: '{ me { id } }', as }],
  ['changes something in one statement', change('addAddress', address)],
  ['changes something in a transaction', change('changeProfile', { name: 'Budi' })],
]

describe('while the database is away', () => {
  let way: Awaited<ReturnType<typeof openSilentWay>>
  let users: TestSubgraph
  beforeAll(async () => {
    const open = async (...[platform, url]: Parameters<Parameters<typeof startForTest>[1]>) => {
      way = await openSilentWay(new URL(url))
      return openUsers(platform, way.url, () => Promise.reject(new Error('nobody is asked')))
    }
    users = await startForTest('users', open, { SMTP_URL: 'smtp://127.0.0.1:9' })
    // So that there are connections that break off.
    expect(await users.execute(asked[0]![1])).toMatchObject({ data: { shops: { edges: [] } } })
    way.close()
  })
  afterAll(() => users.stop())

  it.each(asked)('whoever %s is told that it may succeed later', async (_, operation) => {
    for (const _again of [1, 2]) {
      const { errors } = await users.execute(operation)
      expect(errors).toMatchObject([
        {
          message: 'A part of the market does not answer right now',
          extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true },
        },
      ])
    }
  })
})
