import type { Calls } from '@pasar/shared/subgraph/calls'
import type { Domain } from '@pasar/shared/domains'
import type { Id } from '@pasar/shared/ids'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { Unavailable } from '@pasar/shared/problems'
import type { Platform } from '@pasar/shared/subgraph/open-subgraph'
import { startForTest, type TestOperation } from '@pasar/shared/testing/subgraph'
import type { AccountViewer, Role } from '@pasar/shared/identity/viewer'
import { createLocalJWKSet, decodeJwt } from 'jose'
import { expect } from 'vitest'
import { openUsers, type Users } from '../src/subgraph.ts'
import { openMailboxForTest } from './mailbox-for-test.ts'

/** What a client keeps of a session. */
export interface Tokens {
  readonly access: { readonly token: string; readonly expiresAt: string }
  readonly refreshToken: string
}

/** A signed-in person. */
export interface Person {
  readonly email: string
  readonly id: Id<'account'>
  readonly tokens: Tokens
  readonly viewer: AccountViewer
}

export const password = 'sebuah rahasia panjang'

/** Nothing that can be foreseen goes wrong with these. */
const withoutProblems = new Set(['signOut', 'changeProfile'])

const tokensFields = 'tokens { access { token expiresAt } refreshToken refreshTokenExpiresAt }'

interface Claims {
  readonly sid: string
  readonly roles: Role[]
  readonly shops: Id<'shop'>[]
  readonly helps?: Id<'shop'>[]
}

/** The viewer that the router makes of an access token. */
export function viewerOf(token: string): AccountViewer {
  const { sub, sid, roles, shops, helps } = decodeJwt<Claims>(token)
  const account = { accountId: sub as Id<'account'>, sessionId: sid as Id<'session'>, roles, shopIds: shops }
  return { kind: 'account', ...account, ...(helps && { helpedShopIds: helps }) }
}

/** What orders and payments say of every account; a test may change it. */
interface Elsewhere {
  checkouts: number
  orders: number
  refunds: number
  disputes: number
  balance: number
  /** Who does not answer. */
  silent?: Domain | undefined
  /** What happens while they are asked. */
  meanwhile?: (() => Promise<unknown>) | undefined
}

const callsTo =
  (elsewhere: Elsewhere): Calls =>
  async <T extends object>({ domain }: Parameters<Calls>[0]) => {
    if (domain === elsewhere.silent) throw new Unavailable(domain)
    const { checkouts, orders, refunds, disputes, balance } = elsewhere
    if (domain === 'payments') return { paymentsOwed: { balance, refunds, disputes } } as T
    await elsewhere.meanwhile?.()
    return { ordersUnfinished: { checkouts, orders, refunds } } as T
  }

/** A users subgraph with a real mail server, and people who use it. */
export async function startUsers(env: Readonly<Record<string, string>> = {}) {
  const mailbox = await openMailboxForTest()
  let users: Users | undefined
  const elsewhere: Elsewhere = { checkouts: 0, orders: 0, refunds: 0, disputes: 0, balance: 0 }
  const open = async (platform: Platform, url: string) => (users = await openUsers(platform, url, callsTo(elsewhere)))
  const market = await startForTest('users', open, { SMTP_URL: mailbox.url, ...env })
  let people = 0

  /** The only root field's answer; fails on errors. */
  const ask = async <T>(operation: TestOperation): Promise<T> => {
    const { data, errors } = await market.execute<Record<string, T>>(operation)
    expect(errors).toBeUndefined()
    return Object.values(data!)[0]!
  }
  /** Runs a mutation with an input; gives its result with the type's name. */
  const run = <T = Record<string, unknown>>(
    name: string,
    input: object,
    { as, fields = '' }: { as?: AccountViewer | undefined; fields?: string } = {},
  ) => {
    const type = `${name[0]!.toUpperCase()}${name.slice(1)}`
    const query = `mutation ($input: ${type}Input!) { ${name}(input: $input) { __typename ${withoutProblems.has(name) ? '' : '... on Problem { code message }'} ${fields && `... on ${type}Success { ${fields} }`} } }`
    return ask<T & { __typename: string; code?: string; message?: string }>({ query, variables: { input }, ...(as && { as }) })
  }
  /** The error of an operation that must fail. */
  const refusalOf = async (operation: TestOperation) => {
    const { errors } = await market.execute(operation)
    return { message: errors?.[0]?.message, ...errors?.[0]?.extensions } as Record<string, unknown>
  }
  const signIn = (email: string, word = password) =>
    run<{ tokens: Tokens; account: { id: string } }>(
      'signIn',
      { email, password: word },
      { fields: `account { id } ${tokensFields}` },
    )
  const refresh = (refreshToken: string) => run<{ tokens: Tokens }>('refreshSession', { refreshToken }, { fields: tokensFields })
  const asPerson = (email: string, tokens: Tokens): Person => {
    const viewer = viewerOf(tokens.access.token)
    return { email, id: viewer.accountId, tokens, viewer }
  }
  /** Who has just registered, and whose first mail waits. */
  const newcomer = async (name = 'Budi Santoso', email = `orang${(people += 1)}@example.com`): Promise<Person> => {
    const { tokens } = await run<{ tokens: Tokens }>('register', { email, name, password }, { fields: tokensFields })
    return asPerson(email, tokens)
  }
  const { pool, stop: stopPool } = openPostgres({ url: market.databaseUrl })
  /** Who has registered and proven the address: as if that mail had been read, which tests of other mails do not want to find. */
  const register = async (name?: string, email?: string): Promise<Person> => {
    const person = await newcomer(name, email)
    await pool.query('DELETE FROM mail_job WHERE account_id = $1', [person.id])
    await pool.query('DELETE FROM email_proof WHERE account_id = $1', [person.id])
    await pool.query('UPDATE account SET email_verified = true WHERE id = $1', [person.id])
    return person
  }
  const staff = async (role: 'support' | 'admin'): Promise<AccountViewer> => {
    const email = `staf${(people += 1)}@example.com`
    await users!.createAccount({ email, name: `Staf ${role}`, password, roles: [role] })
    return viewerOf((await signIn(email)).tokens.access.token)
  }
  const keys = async () => createLocalJWKSet(await users!.jwks())
  const stop = async () => {
    await stopPool()
    await market.stop()
    await mailbox.stop()
  }
  return {
    ...market,
    users: () => users!,
    elsewhere,
    mailbox,
    ask,
    run,
    refusalOf,
    signIn,
    refresh,
    newcomer,
    register,
    asPerson,
    staff,
    keys,
    stop,
  }
}

/** See startUsers. */
export type UsersMarket = Awaited<ReturnType<typeof startUsers>>
