import { limits } from '@pasar/shared/limits'
import { everythingIn } from '@pasar/shared/testing/everything'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mailsOf, proofTo, resetTo, verify } from './proving.ts'
import { password, startUsers, viewerOf, type Person, type UsersMarket } from './users-for-test.ts'

let market: UsersMarket
beforeAll(async () => {
  market = await startUsers()
})
afterAll(() => market.stop())

const next = 'kata sandi yang baru'
const hour = 3_600_000
const mailed = ({ email }: Pick<Person, 'email'>) => mailsOf(market, email)
const isVerified = async ({ viewer }: Pick<Person, 'viewer'>) =>
  (await market.ask<{ emailVerified: boolean }>({ query: '{ me { emailVerified } }', as: viewer })).emailVerified
const resend = ({ viewer }: Pick<Person, 'viewer'>) =>
  market.ask<{ __typename: string }>({ query: 'mutation { resendVerification { __typename } }', as: viewer })
const open = ({ viewer, id }: Person) =>
  market.run<{ shop: { id: string }; access: { token: string } }>(
    'openShop',
    { slug: `toko-${id.slice(-20).toLowerCase()}`, name: 'Toko Batik', regencyCode: '34.71' },
    { as: viewer, fields: 'shop { id } access { token }' },
  )
const changePassword = ({ viewer }: Person) =>
  market.run('changePassword', { currentPassword: password, newPassword: next }, { as: viewer })

describe('whoever registers', () => {
  it('gets a mail with a token that proves the address, and can use the account before', async () => {
    const person = await market.newcomer()
    expect(await isVerified(person)).toBe(false)
    expect(await market.run('changeProfile', { phone: '0812 3456 7890' }, { as: person.viewer })).toMatchObject({
      __typename: 'ChangeProfileSuccess',
    })
    const token = await proofTo(market, person.email)
    expect(await mailed(person)).toEqual(['Verify your e-mail address for Pasar'])
    expect(await verify(market, person, token)).toMatchObject({
      __typename: 'VerifyEmailSuccess',
      account: { email: person.email, emailVerified: true },
    })
    expect(await isVerified(person)).toBe(true)
    expect(await market.refresh(person.tokens.refreshToken)).toMatchObject({ __typename: 'RefreshSessionSuccess' })
    expect(await mailed(person)).toHaveLength(1)
  })

  it('alone and staff see whether the address is proven', async () => {
    const [person, other] = [await market.newcomer(), await market.newcomer()]
    const query = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { emailVerified } } }'
    const variables = { of: [{ __typename: 'User', id: person.id }] }
    const seen = (as?: Person['viewer']) => market.ask({ query, variables, ...(as && { as }) })
    expect(await seen()).toEqual([{ emailVerified: null }])
    expect(await seen(other.viewer)).toEqual([{ emailVerified: null }])
    expect(await seen(await market.staff('support'))).toEqual([{ emailVerified: false }])
  })

  it('has it proven by nobody who reads the mail but by whoever is signed in to the account', async () => {
    const [squatter, owner] = [await market.newcomer(), await market.register()]
    const token = await proofTo(market, squatter.email)
    const query = 'mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { __typename } }'
    expect(await market.refusalOf({ query, variables: { input: { token } } })).toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(await verify(market, owner, token)).toMatchObject({
      __typename: 'VerificationUnusable',
      code: 'VERIFICATION_UNUSABLE',
    })
    expect(await isVerified(squatter)).toBe(false)
    expect(await verify(market, squatter, token)).toMatchObject({ __typename: 'VerifyEmailSuccess' })
  })

  it('proves nothing in a session that has ended', async () => {
    const person = await market.newcomer()
    const token = await proofTo(market, person.email)
    await market.run('signOut', {}, { as: person.viewer })
    expect(await verify(market, person, token)).toMatchObject({ __typename: 'SessionEnded' })
    const again = { viewer: viewerOf((await market.signIn(person.email)).tokens.access.token) }
    expect(await verify(market, again, token)).toMatchObject({ __typename: 'VerifyEmailSuccess' })
  })

  it('uses the token once, and within a day of the mail', async () => {
    const [person, late] = [await market.newcomer(), await market.newcomer()]
    const token = await proofTo(market, person.email)
    const results = await Promise.all([verify(market, person, token), verify(market, person, token)])
    expect(results.map(({ __typename }) => __typename).toSorted()).toEqual(['VerificationUnusable', 'VerifyEmailSuccess'])
    const old = await proofTo(market, late.email)
    market.clock.advance(limits.emailProofHours * hour)
    expect(await verify(market, late, old)).toMatchObject({ __typename: 'VerificationUnusable' })
    expect(await isVerified(late)).toBe(false)
  })

  it('is mailed again, three times an hour in all, and only the last token is good', async () => {
    const person = await market.newcomer()
    const first = await proofTo(market, person.email)
    for (let n = 0; n < 2; n++) expect(await resend(person)).toEqual({ __typename: 'ResendVerificationSuccess' })
    expect(await resend(person)).toEqual({ __typename: 'VerificationMailLimited' })
    const last = await proofTo(market, person.email)
    expect(await mailed(person)).toHaveLength(3)
    expect(await verify(market, person, first)).toMatchObject({ __typename: 'VerificationUnusable' })
    expect(await verify(market, person, last)).toMatchObject({ __typename: 'VerifyEmailSuccess' })
    market.clock.advance(hour)
    expect(await resend(person)).toEqual({ __typename: 'EmailAlreadyVerified' })
  })

  it('is mailed a token that is good for a day also where the mail server was away for two', async () => {
    const person = await market.newcomer()
    market.mailbox.state.refusing = true
    for (let hours = 0; hours < 48; hours += 1) {
      await market.settle()
      market.clock.advance(hour)
    }
    market.mailbox.state.refusing = false
    const token = await proofTo(market, person.email)
    const { tokens } = await market.signIn(person.email)
    market.clock.advance(23 * hour)
    expect(await verify(market, { viewer: viewerOf(tokens.access.token) }, token)).toMatchObject({
      __typename: 'VerifyEmailSuccess',
    })
  })

  it('leaves the address in no table once the token is over', async () => {
    const person = await market.newcomer('Orang', 'cendrawasih@example.com')
    await market.run('changeEmail', { newEmail: 'merpati@example.com', password }, { as: person.viewer })
    await market.settle()
    expect(await everythingIn(market.databaseUrl)).toMatch(/merpati/)
    market.clock.advance(limits.emailProofHours * hour + 1)
    await market.settle()
    expect(await everythingIn(market.databaseUrl)).not.toMatch(/merpati/)
  })
})

describe('an address that nobody has proven', () => {
  it('gets a token of a reset and nothing else of what happens to the account', async () => {
    const person = await market.newcomer()
    await changePassword(person)
    await market.refresh(person.tokens.refreshToken)
    market.clock.advance(60_000)
    await market.refresh(person.tokens.refreshToken)
    await market.run('requestPasswordReset', { email: person.email })
    expect(await mailed(person)).toEqual(['Verify your e-mail address for Pasar', 'Reset your Pasar password'])
  })

  it('opens no shop, is given no role of staff, and helps in no shop that has not written to it', async () => {
    const [person, owner, admin] = [await market.newcomer(), await market.register(), await market.staff('admin')]
    expect(await open(person)).toMatchObject({ __typename: 'EmailNotVerified', code: 'EMAIL_NOT_VERIFIED' })
    const role = { userId: person.id, role: 'SUPPORT', reason: 'Rekan baru' }
    expect(await market.run('grantRole', role, { as: admin })).toMatchObject({ __typename: 'EmailNotVerified' })
    const { shop, access } = await open(owner)
    const invite = (email: string) => market.run('inviteShopMember', { shopId: shop.id, email }, { as: viewerOf(access.token) })
    const join = async (email: string) => {
      await invite(email)
      const token = await proofTo(market, email)
      return market.run('joinShop', { token }, { as: person.viewer })
    }
    expect(await join('alamat-lain-lagi@example.com')).toMatchObject({ __typename: 'EmailNotVerified' })
    expect(await isVerified(person)).toBe(false)
    expect(await join(person.email)).toMatchObject({ __typename: 'JoinShopSuccess' })
    expect(await isVerified(person)).toBe(true)
    expect(await market.run('grantRole', role, { as: admin })).toMatchObject({ __typename: 'GrantRoleSuccess' })
  })

  it('takes nothing from accounts that were never asked to prove it', async () => {
    const email = 'sejak-dulu@example.com'
    await market.users().createAccount({ email, name: 'Sejak Dulu', password })
    const person = market.asPerson(email, (await market.signIn(email)).tokens)
    expect(await isVerified(person)).toBe(false)
    await changePassword(person)
    expect(await mailed(person)).toEqual(['Kata sandi Pasar Anda diubah'])
    expect(await open(person)).toMatchObject({ __typename: 'OpenShopSuccess' })
    expect(await resend(person)).toEqual({ __typename: 'ResendVerificationSuccess' })
    expect(await verify(market, person, await proofTo(market, email))).toMatchObject({ __typename: 'VerifyEmailSuccess' })
  })

  it('is its owner’s who resets the password: it is proven, and whoever had registered with it is out', async () => {
    const squatter = await market.newcomer('Bukan Pemilik')
    const waiting = await proofTo(market, squatter.email)
    await market.run('changeEmail', { newEmail: 'penyerobot@example.com', password }, { as: squatter.viewer })
    const stolen = await proofTo(market, 'penyerobot@example.com')
    const token = await resetTo(market, squatter.email)
    expect(await market.run('resetPassword', { token, newPassword: next }, { fields: 'endedSessions' })).toEqual({
      __typename: 'ResetPasswordSuccess',
      endedSessions: 1,
    })
    expect(await market.refresh(squatter.tokens.refreshToken)).toMatchObject({ __typename: 'SessionEnded' })
    const { tokens } = await market.signIn(squatter.email, next)
    const owner = { viewer: viewerOf(tokens.access.token) }
    expect(await isVerified(owner)).toBe(true)
    for (const one of [waiting, stolen]) {
      expect(await verify(market, squatter, one)).toMatchObject({ __typename: 'SessionEnded' })
      expect(await verify(market, owner, one)).toMatchObject({ __typename: 'VerificationUnusable' })
    }
    expect((await mailed(squatter)).at(-1)).toBe('Your Pasar password was changed')
  })
})
