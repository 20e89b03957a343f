import { newId } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { everythingIn } from '@pasar/shared/testing/everything'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newSecret } from '../src/secrets.ts'
import { password, startUsers, viewerOf, type Person, type UsersMarket } from './users-for-test.ts'

let market: UsersMarket
beforeAll(async () => {
  market = await startUsers()
})
afterAll(() => market.stop())

interface Members {
  readonly members: readonly { readonly account: { readonly id: string }; readonly name: string; readonly email: string }[]
  readonly invitations: readonly { readonly id: string; readonly email: string }[]
}

interface Owner extends Person {
  readonly shopId: string
}

let shops = 0
async function openShop(person: Person): Promise<Owner> {
  const input = { slug: `toko-karyawan-${(shops += 1)}`, name: 'Toko Batik', regencyCode: '34.71' }
  const fields = 'shop { id } access { token }'
  const opened = await market.run<{ shop: { id: string }; access: { token: string } }>('openShop', input, {
    as: person.viewer,
    fields,
  })
  return { ...person, viewer: viewerOf(opened.access.token), shopId: opened.shop.id }
}
const newOwner = async (): Promise<Owner> => openShop(await market.register('Pemilik Toko'))

const shopFields = 'shop { members { account { id } name email } invitations { id email } }'
const invite = ({ viewer, shopId }: Owner, email: string) =>
  market.run<{ shop: Members; retryAt: string }>('inviteShopMember', { shopId, email }, { as: viewer, fields: shopFields })
const mailsTo = async (email: string) => {
  await market.settle()
  return market.mailbox.to(email)
}
const tokenTo = async (email: string) => /^[\w-]{43}$/m.exec((await mailsTo(email)).at(-1)?.text ?? '')?.[0] ?? ''
const join = ({ viewer }: Pick<Person, 'viewer'>, token: string, key: object = {}) =>
  market.run<{ access: { token: string } }>('joinShop', { token, ...key }, { as: viewer, fields: 'shop { id } access { token }' })
const remove = ({ viewer, shopId }: Owner, { id: accountId }: Pick<Person, 'id'>) =>
  market.run<{ shop: Members }>('removeShopMember', { shopId, accountId }, { as: viewer, fields: shopFields })
const peopleOf = ({ shopId }: Owner, { viewer }: Pick<Person, 'viewer'>) =>
  market.ask<{ members: Members['members'] | null; invitations: Members['invitations'] | null }>({
    query: 'query People($id: ID!) { shop(id: $id) { members { name } invitations { email } } }',
    variables: { id: shopId },
    as: viewer,
  })
const invitingShop = ({ viewer }: Person, token: string) =>
  market.ask({ query: 'query ($token: String!) { invitingShop(token: $token) { name } }', variables: { token }, as: viewer })

/** Somebody who has joined the shop, with a token that says so. */
async function newMember(owner: Owner): Promise<Person> {
  const person = await market.register('Karyawan Rajin')
  await invite(owner, person.email)
  const { access } = await join(person, await tokenTo(person.email))
  return { ...person, viewer: viewerOf(access.token) }
}

describe('inviting somebody to help in a shop', () => {
  it('mails a token with which its reader sees the shop and joins it, with any account', async () => {
    const owner = await newOwner()
    const person = await market.register('Karyawan Baru')
    const email = 'Lowongan@example.com'
    expect(await invite(owner, email)).toMatchObject({ shop: { members: [], invitations: [{ email }] } })
    const token = await tokenTo(email)
    expect(await invitingShop(person, token)).toEqual({ name: 'Toko Batik' })
    const joined = await join(person, token)
    expect(joined).toMatchObject({ __typename: 'JoinShopSuccess', shop: { id: owner.shopId } })
    expect(viewerOf(joined.access.token)).toEqual({ ...person.viewer, roles: ['seller'], helpedShopIds: [owner.shopId] })
    const refreshed = await market.refresh(person.tokens.refreshToken)
    expect(viewerOf(refreshed.tokens.access.token)).toMatchObject({ shopIds: [], helpedShopIds: [owner.shopId] })
    const me = { query: '{ me { roles shops { id } helpedShops { id } } }', as: person.viewer }
    expect(await market.ask(me)).toEqual({ roles: ['SELLER'], shops: [], helpedShops: [{ id: owner.shopId }] })
    expect(await peopleOf(owner, owner)).toEqual({ members: [{ name: 'Karyawan Baru' }], invitations: [] })
  })

  it('says nothing of the shop’s choosing in the mail', async () => {
    const owner = await newOwner()
    await market.run(
      'changeShop',
      { shopId: owner.shopId, name: 'Menang undian di https://contoh.example' },
      { as: owner.viewer },
    )
    await invite(owner, 'orang-asing@example.com')
    const [mail] = await mailsTo('orang-asing@example.com')
    expect(mail!.subject).toBe('An invitation to help in a Pasar shop')
    expect(mail!.text).not.toMatch(/undian|contoh\.example/)
  })

  it('is good for one who joins, and for seven days', async () => {
    const owner = await newOwner()
    const [first, second] = [await market.register(), await market.register()]
    await invite(owner, 'sekali@example.com')
    const token = await tokenTo('sekali@example.com')
    const results = await Promise.all([join(first, token), join(second, token)])
    expect(results.map(({ __typename }) => __typename).toSorted()).toEqual(['JoinShopSuccess', 'ShopInvitationUnusable'])
    await invite(owner, 'terlambat@example.com')
    const late = await tokenTo('terlambat@example.com')
    market.clock.advance(limits.shopInvitationDays * 86_400_000)
    const person = await market.register()
    expect(await invitingShop(person, late)).toBeNull()
    expect(await join(person, late)).toMatchObject({ __typename: 'ShopInvitationUnusable' })
  })

  it('is joined once where that is sent again with its key, which answers each time as long as the account helps there', async () => {
    const owner = await newOwner()
    const person = await market.register()
    await invite(owner, person.email)
    const token = await tokenTo(person.email)
    const key = { idempotencyKey: newId('movement') }
    const results = await Promise.all(Array.from({ length: 5 }, () => join(person, token, key)))
    market.clock.advance(60_000)
    results.push(await join(person, token, key))
    for (const result of results) {
      expect(result).toMatchObject({ __typename: 'JoinShopSuccess', shop: { id: owner.shopId } })
      expect(viewerOf(result.access.token)).toMatchObject({ roles: ['seller'], helpedShopIds: [owner.shopId] })
    }
    const kept = await everythingIn(market.databaseUrl)
    for (const secret of [token, results[0]!.access.token.split('.')[2]]) expect(kept).not.toContain(secret)
    expect(await join(person, token)).toMatchObject({ __typename: 'ShopInvitationUnusable' })
    expect(await join(person, newSecret(), key)).toMatchObject({ __typename: 'IdempotencyKeyReused' })
    await market.run('leaveShop', { shopId: owner.shopId }, { as: viewerOf(results[0]!.access.token) })
    const { tokens } = await market.signIn(person.email)
    const again = { viewer: viewerOf(tokens.access.token) }
    expect(await join(again, token, key)).toMatchObject({ __typename: 'ShopInvitationUnusable' })
  })

  it('anew makes the token of the first mail void, and withdrawn that of every mail', async () => {
    const owner = await newOwner()
    const person = await market.register()
    await invite(owner, person.email)
    const first = await tokenTo(person.email)
    const { shop } = await invite(owner, person.email)
    expect(shop.invitations).toHaveLength(1)
    expect(await join(person, first)).toMatchObject({ __typename: 'ShopInvitationUnusable' })
    const second = await tokenTo(person.email)
    const withdrawn = await market.run(
      'withdrawShopInvitation',
      { invitationId: shop.invitations[0]!.id },
      { as: owner.viewer, fields: shopFields },
    )
    expect(withdrawn).toMatchObject({ shop: { invitations: [] } })
    expect(await join(person, second)).toMatchObject({ __typename: 'ShopInvitationUnusable' })
  })

  it('withdrawn before its mail has left sends none', async () => {
    const owner = await newOwner()
    const { shop } = await invite(owner, 'batal@example.com')
    await market.run('withdrawShopInvitation', { invitationId: shop.invitations[0]!.id }, { as: owner.viewer })
    expect(await mailsTo('batal@example.com')).toEqual([])
  })

  it('is not sent in a session that has ended, by whoever has its token still', async () => {
    const owner = await newOwner()
    await market.run('signOut', { everywhere: true }, { as: owner.viewer })
    expect(await invite(owner, 'pencuri@example.com')).toMatchObject({ __typename: 'SessionEnded' })
    expect(await mailsTo('pencuri@example.com')).toEqual([])
  })

  it('brings nobody in while the owner is suspended', async () => {
    const [owner, admin] = [await newOwner(), await market.staff('admin')]
    const person = await market.register()
    await invite(owner, person.email)
    const token = await tokenTo(person.email)
    await invite(owner, 'kaki-tangan@example.com')
    const why = { userId: owner.id, reason: 'Penipuan' }
    await market.run('suspendUser', why, { as: admin })
    expect(await mailsTo('kaki-tangan@example.com')).toEqual([])
    expect(await invite(owner, 'lain@example.com')).toMatchObject({ __typename: 'SessionEnded' })
    expect(await invitingShop(person, token)).toBeNull()
    expect(await join(person, token)).toMatchObject({ __typename: 'ShopInvitationUnusable' })
    await market.run('reinstateUser', why, { as: admin })
    expect(await join(person, token)).toMatchObject({ __typename: 'JoinShopSuccess' })
  })

  it('is for the owner alone: a stranger and a member can neither invite, withdraw nor remove, and see nobody', async () => {
    const owner = await newOwner()
    const [member, other] = [await newMember(owner), await newOwner()]
    const { shop } = await invite(owner, 'tamu@example.com')
    const invitationId = shop.invitations[0]!.id
    for (const { viewer } of [member, other]) {
      const as = { ...owner, viewer }
      expect(await invite(as, 'lain@example.com')).toMatchObject({ __typename: 'ShopNotFound' })
      expect(await remove(as, member)).toMatchObject({ __typename: 'ShopNotFound' })
      expect(await market.run('withdrawShopInvitation', { invitationId }, { as: viewer })).toMatchObject({
        __typename: 'ShopInvitationNotFound',
      })
      expect(await market.run('changeShop', { shopId: owner.shopId, name: 'Milik saya' }, { as: viewer })).toMatchObject({
        __typename: 'ShopNotFound',
      })
      expect(await peopleOf(owner, as)).toEqual({ members: null, invitations: null })
    }
  })

  it('knows who belongs to the shop already', async () => {
    const owner = await newOwner()
    const member = await newMember(owner)
    for (const { email } of [owner, member]) expect(await invite(owner, email)).toMatchObject({ __typename: 'AlreadyShopMember' })
    await invite(owner, 'alamat-lain@example.com')
    const token = await tokenTo('alamat-lain@example.com')
    for (const person of [owner, member]) expect(await join(person, token)).toMatchObject({ __typename: 'AlreadyShopMember' })
    expect(await invitingShop(member, token)).toEqual({ name: 'Toko Batik' })
  })

  it('fills twenty places and not one more, however many are invited at once', async () => {
    const owner = await newOwner()
    await newMember(owner)
    market.clock.advance(86_400_000)
    const person = await market.signIn(owner.email)
    const as = { ...owner, viewer: viewerOf(person.tokens.access.token) }
    const invited = await Promise.all(Array.from({ length: 20 }, (_, n) => invite(as, `calon${n}@example.com`)))
    expect(invited.filter(({ __typename }) => __typename === 'InviteShopMemberSuccess')).toHaveLength(19)
    expect(invited.filter(({ __typename }) => __typename === 'TooManyShopMembers')).toHaveLength(1)
  })

  it('is no way to have the market write to strangers: three mails an hour to an address, twenty a day by a shop', async () => {
    const owner = await newOwner()
    for (let n = 0; n < 3; n++) await invite(owner, 'korban@example.com')
    expect(await invite(owner, 'korban@example.com')).toMatchObject({ __typename: 'ShopInvitationsLimited' })
    for (let n = 0; n < 17; n++) {
      const { shop } = await invite(owner, `korban${n}@example.com`)
      const one = shop.invitations.find(({ email }) => email === `korban${n}@example.com`)!
      await market.run('withdrawShopInvitation', { invitationId: one.id }, { as: owner.viewer })
    }
    expect(await invite(owner, 'korban17@example.com')).toMatchObject({ __typename: 'ShopInvitationsLimited' })
  })

  it('floods no address by turns of many shops: all of them send it three mails an hour and ten a day', async () => {
    const owners = [await newOwner(), await newOwner(), await newOwner(), await newOwner()]
    const sent: number[] = []
    for (let hour = 0; hour < 5; hour++) {
      const invited = []
      for (const owner of owners) invited.push((await invite(owner, 'incaran@example.com')).__typename)
      sent.push(invited.filter((one) => one === 'InviteShopMemberSuccess').length)
      market.clock.advance(3_600_000)
    }
    expect(sent).toEqual([3, 3, 3, 1, 0])
    expect(await mailsTo('incaran@example.com')).toHaveLength(10)
    market.clock.advance(19 * 3_600_000)
    expect(await invite(owners[0]!, 'incaran@example.com')).toMatchObject({ __typename: 'InviteShopMemberSuccess' })
  })

  it('keeps an address no longer than the invitation', async () => {
    const owner = await newOwner()
    await invite(owner, 'pengangguran@example.com')
    await market.settle()
    expect(await everythingIn(market.databaseUrl)).toMatch(/pengangguran/)
    market.clock.advance(limits.shopInvitationDays * 86_400_000 + 1)
    await market.settle()
    expect(await everythingIn(market.databaseUrl)).not.toMatch(/pengangguran/)
  })
})

describe('a member of a shop', () => {
  it('who is removed has to sign in again, and acts for the shop no more', async () => {
    const owner = await newOwner()
    const member = await newMember(owner)
    expect(await remove(owner, member)).toMatchObject({ shop: { members: [] } })
    expect(await market.refresh(member.tokens.refreshToken)).toMatchObject({ __typename: 'SessionEnded' })
    const { tokens } = await market.signIn(member.email)
    expect(viewerOf(tokens.access.token)).toMatchObject({ roles: [], shopIds: [] })
    expect(viewerOf(tokens.access.token).helpedShopIds).toBeUndefined()
    expect(await remove(owner, member)).toMatchObject({ __typename: 'ShopMemberNotFound' })
    await market.settle()
    expect(market.published).toContainEqual(
      expect.objectContaining({ type: 'SessionRevoked', payload: expect.objectContaining({ accountId: member.id }) }),
    )
  })

  it('is known to staff, who can suspend whoever helps a suspended owner, and whose look is in the audit log', async () => {
    const owner = await newOwner()
    await newMember(owner)
    const [support, admin] = [await market.staff('support'), await market.staff('admin')]
    expect(await peopleOf(owner, { viewer: support })).toEqual({ members: [{ name: 'Karyawan Rajin' }], invitations: null })
    const log = await market.ask({
      query: 'query ($id: String) { auditLog(filter: { subjectId: $id }) { edges { node { action actor { id } } } } }',
      variables: { id: owner.shopId },
      as: admin,
    })
    expect(log).toEqual({ edges: [{ node: { action: 'shop.members.read', actor: { id: support.accountId } } }] })
  })

  it('neither suspends nor reinstates the shop as an admin, nor does its owner: a colleague does', async () => {
    const [owner, admin] = [await newOwner(), await market.staff('admin')]
    const member = await newMember(owner)
    const query = (field: string, type: string) => `mutation ($input: ${type}!) { ${field}(input: $input) { __typename } }`
    const variables = { input: { shopId: owner.shopId, reason: 'Toko saya sendiri' } }
    for (const { id, email } of [owner, member]) {
      await market.run('grantRole', { userId: id, role: 'ADMIN', reason: 'Rekan baru' }, { as: admin })
      const as = viewerOf((await market.signIn(email)).tokens.access.token)
      const suspend = { query: query('suspendShop', 'SuspendShopInput'), variables }
      const reinstate = { query: query('reinstateShop', 'ReinstateShopInput'), variables }
      expect(await market.refusalOf({ ...suspend, as })).toMatchObject({ code: 'FORBIDDEN' })
      await market.ask({ ...suspend, as: admin })
      expect(await market.refusalOf({ ...reinstate, as })).toMatchObject({
        code: 'FORBIDDEN',
        message: expect.stringContaining('ask a colleague with the same role'),
      })
      expect(await market.ask({ ...reinstate, as: admin })).toEqual({ __typename: 'ReinstateShopSuccess' })
    }
  })

  it('does not take the shop out of the market as an admin by suspending its owner', async () => {
    const [owner, admin] = [await newOwner(), await market.staff('admin')]
    const member = await newMember(owner)
    await market.run('grantRole', { userId: member.id, role: 'ADMIN', reason: 'Rekan baru' }, { as: admin })
    const as = viewerOf((await market.signIn(member.email)).tokens.access.token)
    const query = 'mutation ($input: SuspendUserInput!) { suspendUser(input: $input) { __typename } }'
    const suspend = { query, variables: { input: { userId: owner.id, reason: 'Berselisih' } } }
    expect(await market.refusalOf({ ...suspend, as })).toMatchObject({ code: 'FORBIDDEN' })
    expect(await market.ask({ ...suspend, as: admin })).toEqual({ __typename: 'SuspendUserSuccess' })
  })

  it('who is removed does not come back by another invitation to the same person', async () => {
    const owner = await newOwner()
    const person = await market.register()
    await invite(owner, person.email)
    const own = await tokenTo(person.email)
    await invite(owner, 'alamat-kantor@example.com')
    await join(person, await tokenTo('alamat-kantor@example.com'))
    expect(await remove(owner, person)).toMatchObject({ shop: { members: [], invitations: [] } })
    const again = { ...person, viewer: viewerOf((await market.signIn(person.email)).tokens.access.token) }
    expect(await join(again, own)).toMatchObject({ __typename: 'ShopInvitationUnusable' })
  })

  it('who leaves goes on being signed in, and acts for the shop no more', async () => {
    const owner = await newOwner()
    const member = await newMember(owner)
    const left = await market.run<{ access: { token: string } }>(
      'leaveShop',
      { shopId: owner.shopId },
      { as: member.viewer, fields: 'account { roles helpedShops { id } } access { token }' },
    )
    expect(left).toMatchObject({ __typename: 'LeaveShopSuccess', account: { roles: [], helpedShops: [] } })
    expect(viewerOf(left.access.token)).toMatchObject({ roles: [], shopIds: [] })
    expect(await peopleOf(owner, owner)).toMatchObject({ members: [] })
    expect(await market.run('leaveShop', { shopId: owner.shopId }, { as: owner.viewer })).toMatchObject({
      __typename: 'ShopNotFound',
    })
  })

  it('helps in ten shops and not in one more', async () => {
    const person = await market.register()
    const results: string[] = []
    for (let n = 0; n < limits.helpedShopsMax + 1; n++) {
      const owner = await newOwner()
      const email = `loker${n}@example.com`
      await invite(owner, email)
      results.push((await join(person, await tokenTo(email))).__typename)
    }
    expect(results.slice(0, -1)).toEqual(Array.from({ length: limits.helpedShopsMax }, () => 'JoinShopSuccess'))
    expect(results.at(-1)).toBe('TooManyHelpedShops')
  })

  it('may erase the account, which leaves the shop with it, and no invitation to its address', async () => {
    const owner = await newOwner()
    const member = await newMember(owner)
    await invite(await newOwner(), member.email)
    await market.settle()
    expect(await market.run('eraseMe', { password }, { as: member.viewer, fields: 'endedSessions' })).toMatchObject({
      __typename: 'EraseMeSuccess',
    })
    expect(await peopleOf(owner, owner)).toEqual({ members: [], invitations: [] })
    expect(await everythingIn(market.databaseUrl)).not.toContain(member.email)
  })

  it('gets no token for a shop in a session that has ended', async () => {
    const owner = await newOwner()
    const person = await market.register()
    await invite(owner, person.email)
    const token = await tokenTo(person.email)
    await market.run('signOut', { everywhere: true }, { as: person.viewer })
    expect(await join(person, token)).toMatchObject({ __typename: 'SessionEnded' })
    const again = { ...person, viewer: viewerOf((await market.signIn(person.email)).tokens.access.token) }
    expect(await join(again, token)).toMatchObject({ __typename: 'JoinShopSuccess' })
  })
})
