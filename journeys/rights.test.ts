import type { Operation } from '@pasar/scripts/demo/operation'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestMarket, type TestMarket } from './market.ts'
import { act, newBuyer, newShop, newStaff, newWarehouse, password, proven, type Person, type TestShop } from './people.ts'
import { inBothWays } from './ways.ts'

interface Session {
  readonly access: { readonly token: string }
  readonly refreshToken: string
}

const tokens = 'tokens { access { token } refreshToken }'
const signIn: Operation<{ tokens: Session }> = `mutation In($input: SignInInput!) {
  signIn(input: $input) { ... on SignInSuccess { ${tokens} } ... on Problem { code message } } }`
const refresh: Operation<{ tokens: Session }> = `mutation Again($input: RefreshSessionInput!) {
  refreshSession(input: $input) { ... on RefreshSessionSuccess { ${tokens} } ... on Problem { code message } } }`
const signOut: Operation<{ endedSessions: number }> = `mutation Out($input: SignOutInput!) {
  signOut(input: $input) { ... on SignOutSuccess { endedSessions } } }`
const followMine: Operation<object> = `subscription Mine { userOrderUpdated { cursor event } }`
const listUsers: Operation<object> = `query Staff { users(first: 1) { edges { node { id } } } }`

/** What a router says to whoever comes with a token, before it asks anybody. */
async function saysTo(url: string, token: string): Promise<string> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query: '{ __typename }' }) })
  const { errors } = (await response.json()) as { errors?: { extensions: { code: string } }[] }
  return errors?.[0]?.extensions.code ?? 'welcome'
}

inBothWays((way) => {
  let test: TestMarket
  let routers: readonly string[]
  let admin: Person
  beforeAll(async () => {
    test = await openTestMarket({ way })
    routers = await test.everyRouter()
    admin = await newStaff(test, 'admin')
  })
  afterAll(() => test.stop())

  const session = async ({ email }: Pick<Person, 'email'>) =>
    (await test.guest.ask(signIn, { input: { email, password } })).tokens
  const again = async ({ refreshToken }: Session) => (await test.guest.ask(refresh, { input: { refreshToken } })).tokens
  const clientOf = ({ access }: Session) => test.guest.signedIn(access.token)
  const areWelcome = async (sessions: readonly Session[]) => {
    for (const url of routers) for (const { access } of sessions) expect(await saysTo(url, access.token)).toBe('welcome')
  }
  /** Within a second of the event, by every router. */
  const areRefused = async (sessions: readonly Session[]) => {
    await test.settle()
    for (const url of routers)
      for (const { access } of sessions)
        await expect.poll(() => saysTo(url, access.token), { timeout: 1_000, interval: 10 }).toBe('UNAUTHENTICATED')
  }
  const endedFor = async (of: Session) => {
    await areRefused([of])
    await expect(again(of)).rejects.toThrow('SESSION_ENDED')
  }
  const shopOf = (owner: Person) => {
    const input = { slug: 'toko-hak', name: 'Toko Hak', regencyCode: '32.73', idempotencyKey: 'buka-toko-hak' }
    const returns = 'shop { id } access { token }'
    return act<{ shop: { id: string }; access: Session['access'] }>(owner.client, 'openShop', { input, returns })
  }

  describe('a right that ends', () => {
    it('ends with its session, wherever that is used, and the session that begins in the same moment goes on', async () => {
      const person = await newBuyer(test)
      const before = [await session(person), await session(person)]
      const other = await session(await newBuyer(test))
      await areWelcome([...before, other])
      await clientOf(before[0]!).ask(signOut, { input: { everywhere: true } })
      const anew = await session(person)
      await areRefused(before)
      await areWelcome([anew, other])
    })

    it('ends with the password that others knew, but not for whoever has changed it', async () => {
      const person = await newBuyer(test)
      const [own, stolen] = [await session(person), await session(person)]
      const input = { currentPassword: password, newPassword: 'sebuah rahasia yang lain' }
      await act(clientOf(own), 'changePassword', { input, returns: 'endedSessions' })
      await endedFor(stolen)
      await areWelcome([own])
    })

    it('ends for an account that is suspended, and for one that is erased', async () => {
      const [suspended, erased] = [await newBuyer(test), await newBuyer(test)]
      const [of, gone] = [await session(suspended), await session(erased)]
      const input = { userId: suspended.accountId, reason: 'menipu pembeli' }
      await act(admin.client, 'suspendUser', { input, returns: 'account { id }' })
      await act(clientOf(gone), 'eraseMe', { input: { password }, returns: 'endedSessions' })
      await endedFor(of)
      await endedFor(gone)
    })

    it('takes open connections along, and no others', async () => {
      const person = await newBuyer(test)
      const [ended, open] = [await session(person), await session(person)]
      const [lost, kept] = [await test.follow(clientOf(ended), followMine, {}), await test.follow(clientOf(open), followMine, {})]
      let end = ''
      lost.waitFor('its end', () => false).catch((error: unknown) => (end = String(error)))
      await clientOf(ended).ask(signOut, { input: {} })
      await test.settle()
      await expect.poll(() => end, { timeout: 1_000, interval: 10 }).toContain('4403 Session ended')
      await kept.waitForCount('its connection', 0, () => true)
      kept.stop()
      await areWelcome([open])
    })

    it('stays ended for a router that begins after it, and for a market that is started again', async () => {
      const person = await newBuyer(test)
      const [ended, open] = [await session(person), await session(person)]
      await clientOf(ended).ask(signOut, { input: {} })
      await test.settle()
      await test.end()
      test = await openTestMarket({ way, remains: test.remains, clock: test.clock })
      routers = await test.everyRouter()
      for (const url of routers) expect(await saysTo(url, ended.access.token)).toBe('UNAUTHENTICATED')
      await areWelcome([open])
      admin = { ...admin, client: test.guest.signedIn((await session(admin)).access.token) }
    })
  })

  describe('a right that changes', () => {
    it('of the staff begins and ends in all sessions of the account, and beginning signs nobody out', async () => {
      const person = await proven(test, await newBuyer(test))
      const [one, other] = [await session(person), await session(person)]
      const input = { userId: person.accountId, role: 'SUPPORT', reason: 'tim baru' }
      await act(admin.client, 'grantRole', { input, returns: 'account { id }' })
      await areRefused([one, other])
      const colleague = await again(one)
      await clientOf(colleague).ask(listUsers)
      await areWelcome([colleague, await again(other)])
      await act(admin.client, 'revokeRole', { input, returns: 'account { id }' })
      await endedFor(colleague)
    })

    it('by opening a shop is known to the other sessions of its owner, who have to refresh once', async () => {
      const owner = await proven(test, await newBuyer(test))
      const other = await session(owner)
      const { shop, access } = await shopOf(owner)
      await areRefused([other])
      const told = await again(other)
      await areWelcome([told, { ...told, access }])
      await newWarehouse({ shopId: shop.id as TestShop['shopId'], owner: { ...owner, client: clientOf(told) } }, '32.73.19')
    })

    it('by joining a shop and by leaving it is known to the other sessions, too', async () => {
      const { shopId, owner } = await newShop(test, [])
      const member = await newBuyer(test)
      const other = await session(member)
      await act(owner.client, 'inviteShopMember', { input: { shopId, email: member.email }, returns: 'shop { id }' })
      await test.settle()
      const [mail] = await test.simulators.mailsTo(member.email)
      const token = /^[\w-]{43}$/m.exec(mail!.text)![0]
      const joining = { input: { token }, returns: 'access { token }' }
      const { access } = await act<Pick<Session, 'access'>>(member.client, 'joinShop', joining)
      await areRefused([other])
      const helping = await again(other)
      await newWarehouse({ shopId, owner: { ...member, client: clientOf(helping) } }, '32.73.19')
      const client = test.guest.signedIn(access.token)
      const left = await act<Pick<Session, 'access'>>(client, 'leaveShop', { input: { shopId }, returns: 'access { token }' })
      await areRefused([helping, { ...helping, access }])
      const told = await again(helping)
      await areWelcome([told, { ...told, ...left }])
      const warehouse = newWarehouse({ shopId, owner: { ...member, client: clientOf(told) } }, '32.73.19')
      await expect(warehouse).rejects.toThrow('FORBIDDEN')
    })
  })
})
