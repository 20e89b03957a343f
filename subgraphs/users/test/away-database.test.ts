import { openPostgres } from '@pasar/shared/postgres/pool'
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

const mayComeAgain = [
  {
    message: 'A part of the market does not answer right now',
    extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true },
  },
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
      expect(errors).toMatchObject(mayComeAgain)
    }
  })
})

describe('while the database can keep nothing', () => {
  let users: TestSubgraph
  beforeAll(async () => {
    const open = (...[platform, url]: Parameters<Parameters<typeof startForTest>[1]>) =>
      openUsers(platform, url, () => Promise.reject(new Error('nobody is asked')))
    users = await startForTest('users', open, { SMTP_URL: 'smtp://127.0.0.1:9' })
  })
  afterAll(() => users.stop())

  /** Lets the server say of every change of an account what it says by itself then. */
  async function refuseChanges(state: string): Promise<void> {
    const { pool, stop } = openPostgres({ url: users.ownerUrl, connectionsMax: 1 })
    await pool.query(`CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
      AS $$ BEGIN RAISE EXCEPTION 'nothing can be kept' USING ERRCODE = '${state}'; END $$`)
    await pool.query(`CREATE OR REPLACE TRIGGER refuse BEFORE UPDATE ON account FOR EACH STATEMENT EXECUTE FUNCTION refuse()`)
    await stop()
  }

  it.each([
    ['its disk is full', '53100'],
    ['it has no memory left', '53200'],
    ['it is a copy that does not lead yet', '25006'],
  ])('because %s, whoever changes something is told that it may succeed later', async (_, state) => {
    await refuseChanges(state)
    for (const [, operation] of asked.slice(2)) expect((await users.execute(operation)).errors).toMatchObject(mayComeAgain)
  })
})
