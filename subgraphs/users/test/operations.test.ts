import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startUsers, type UsersMarket } from './users-for-test.ts'

let market: UsersMarket
beforeAll(async () => {
  market = await startUsers()
})
afterAll(() => market.stop())

const byId = 'query ($id: ID!) { user(id: $id) { id } }'

const faults = [
  { fault: 'is no GraphQL', query: '{ me { id', code: 'GRAPHQL_PARSE_FAILED' },
  { fault: 'asks for a field that is not there', query: '{ me { shoeSize } }', code: 'GRAPHQL_VALIDATION_FAILED' },
  {
    fault: 'does not say which it is',
    query: 'query A { me { id } } query B { me { id } }',
    code: 'OPERATION_RESOLUTION_FAILURE',
  },
  { fault: 'lacks a variable', query: byId, variables: {}, code: 'BAD_USER_INPUT' },
  { fault: 'has a variable of another type', query: byId, variables: { id: {} }, code: 'BAD_USER_INPUT' },
]

it.each(faults)('an operation that $fault is not executed, and its answer says what kind of fault that is', async (one) => {
  const { code, ...operation } = one
  // Twice, for what is remembered of a text must not let it pass the second time.
  for (const result of [await market.execute(operation), await market.execute(operation)]) {
    expect(result.data).toBeUndefined()
    expect(result.errors).toMatchObject([{ extensions: { code } }])
  }
})

describe('a text that was executed before', () => {
  it('is executed again with the variables of its own moment', async () => {
    const people = [await market.register('Budi Santoso'), await market.register('Siti Aminah')]
    const query = 'query ($name: Boolean!) { me { id name @include(if: $name) } }'
    const [budi, siti] = people.map(({ viewer }) => viewer)
    expect((await market.execute({ query, variables: { name: true }, as: budi! })).data).toMatchObject({
      me: { name: 'Budi Santoso' },
    })
    const { data } = await market.execute<{ me: object }>({ query, variables: { name: false }, as: siti! })
    expect(data!.me).toEqual({ id: people[1]!.id })
  })
})
