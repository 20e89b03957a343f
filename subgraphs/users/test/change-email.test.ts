import { limits } from '@pasar/shared/limits'
import { everythingIn } from '@pasar/shared/testing/everything'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mailsOf, proofTo, resetTo, verify } from './proving.ts'
import { whileLocked } from './signing-in.ts'
import { password, startUsers, type Person, type UsersMarket } from './users-for-test.ts'

let market: UsersMarket
beforeAll(async () => {
  market = await startUsers()
})
afterAll(() => market.stop())

let addresses = 0
const newAddress = () => `alamat-baru-${(addresses += 1)}@example.com`
const change = ({ viewer }: Pick<Person, 'viewer'>, newEmail: string, word = password) =>
  market.run<{ retryAt: string }>('changeEmail', { newEmail, password: word }, { as: viewer, fields: 'expiresInHours' })
const addressOf = async ({ viewer }: Pick<Person, 'viewer'>) =>
  (await market.ask<{ email: string }>({ query: '{ me { email } }', as: viewer })).email
const notice = 'The e-mail address of your Pasar account was changed'

describe('changing the e-mail address', () => {
  it('waits for the token that came to the new one; then that one signs in, sessions go on, and the old one is told and free', async () => {
    const person = await market.register()
    const email = 'Alamat.Baru@example.com'
    expect(await change(person, email)).toEqual({ __typename: 'ChangeEmailSuccess', expiresInHours: limits.emailProofHours })
    const token = await proofTo(market, email)
    expect(await addressOf(person)).toBe(person.email)
    expect(await mailsOf(market, person.email)).toEqual([])
    expect(await verify(market, person, token)).toMatchObject({ account: { email, emailVerified: true } })
    expect(await market.refresh(person.tokens.refreshToken)).toMatchObject({ __typename: 'RefreshSessionSuccess' })
    expect(await market.signIn(email.toLowerCase())).toMatchObject({ __typename: 'SignInSuccess', account: { id: person.id } })
    expect(await market.signIn(person.email)).toMatchObject({ __typename: 'SignInRefused' })
    expect(await mailsOf(market, person.email)).toEqual([notice])
    expect((await market.newcomer('Orang Lain', person.email)).id).not.toBe(person.id)
  })

  it('tells nobody whose address it is: the answer and the statements are the same, and no mail goes there', async () => {
    const [person, other] = [await market.register(), await market.register()]
    const answerTo = async (address: string) => {
      const from = market.statements.length
      const answer = await change(person, address)
      const statements = market.statements.slice(from)
      await market.settle()
      return { answer, statements }
    }
    await answerTo(newAddress())
    const free = newAddress()
    expect(await answerTo(other.email)).toEqual(await answerTo(free))
    expect(await mailsOf(market, other.email)).toEqual([])
    expect(await mailsOf(market, free)).toHaveLength(1)
  })

  it('is refused to whoever reads the mail of an address that somebody else has registered meanwhile', async () => {
    const person = await market.register()
    const email = newAddress()
    await change(person, email)
    const token = await proofTo(market, email)
    await market.newcomer('Lebih Cepat', email)
    expect(await verify(market, person, token)).toMatchObject({ __typename: 'EmailTaken' })
    expect(await addressOf(person)).toBe(person.email)
  })

  it('gives an address to one of two who prove it at once', async () => {
    const [one, other] = [await market.register(), await market.register()]
    const email = newAddress()
    await change(one, email)
    const first = await proofTo(market, email)
    await change(other, email)
    const second = await proofTo(market, email)
    const results = await Promise.all([verify(market, one, first), verify(market, other, second)])
    expect(results.map(({ __typename }) => __typename).toSorted()).toEqual(['EmailTaken', 'VerifyEmailSuccess'])
  })

  it('wants the password, under the same limit as signing in', async () => {
    const person = await market.register()
    for (let n = 0; n < 5; n++)
      expect(await change(person, newAddress(), 'bukan kata sandinya')).toMatchObject({ __typename: 'PasswordWrong' })
    expect(await change(person, newAddress())).toMatchObject({ __typename: 'SignInLimited' })
  })

  it('names the new address as wrong where it is none', async () => {
    const { viewer } = await market.register()
    const query = 'mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) { __typename } }'
    const variables = { input: { newEmail: 'budi', password } }
    expect(await market.refusalOf({ query, variables, as: viewer })).toMatchObject({ code: 'BAD_USER_INPUT', field: 'newEmail' })
  })

  it('is no way to have the market write to strangers: five mails a day by an account, three an hour to an address', async () => {
    const [person, other] = [await market.register(), await market.register()]
    const victim = newAddress()
    for (let n = 0; n < 3; n++) expect(await change(person, victim)).toMatchObject({ __typename: 'ChangeEmailSuccess' })
    for (const one of [person, other])
      expect(await change(one, victim)).toMatchObject({
        __typename: 'VerificationMailLimited',
        code: 'VERIFICATION_MAIL_LIMITED',
      })
    for (let n = 0; n < 2; n++) expect(await change(person, newAddress())).toMatchObject({ __typename: 'ChangeEmailSuccess' })
    expect(await change(person, newAddress())).toMatchObject({ __typename: 'VerificationMailLimited' })
  })

  it('makes the token of the change before it void', async () => {
    const person = await market.register()
    const [first, second] = [newAddress(), newAddress()]
    await change(person, first)
    const token = await proofTo(market, first)
    await change(person, second)
    expect(await verify(market, person, token)).toMatchObject({ __typename: 'VerificationUnusable' })
    expect(await verify(market, person, await proofTo(market, second))).toMatchObject({ account: { email: second } })
  })

  it('tells an address nothing that was registered and never proven', async () => {
    const person = await market.newcomer()
    const email = newAddress()
    await change(person, email)
    await verify(market, person, await proofTo(market, email))
    expect(await mailsOf(market, person.email)).not.toContain(notice)
  })

  it('leaves whoever reads the mail of the old address no way to reset the password', async () => {
    const person = await market.register()
    const token = await resetTo(market, person.email)
    const email = newAddress()
    await change(person, email)
    await verify(market, person, await proofTo(market, email))
    expect(await market.run('resetPassword', { token, newPassword: 'kata sandi yang baru' })).toMatchObject({
      __typename: 'ResetTokenUnusable',
    })
  })

  it('not even where the mail of a reset is made at that moment', async () => {
    const person = await market.register()
    const email = newAddress()
    await change(person, email)
    const token = await proofTo(market, email)
    await market.run('requestPasswordReset', { email: person.email })
    await whileLocked(market, 'LOCK TABLE password_reset IN EXCLUSIVE MODE', [
      () => market.settle(),
      () => verify(market, person, token),
    ])
    expect(await addressOf(person)).toBe(email)
    expect(await mailsOf(market, person.email)).toEqual([notice])
  })

  it('that waits goes with an account that is erased', async () => {
    const person = await market.register()
    await change(person, 'jalak-bali@example.com')
    await market.settle()
    await change(person, 'jalak-suren@example.com')
    await market.run('eraseMe', { password }, { as: person.viewer })
    expect(await everythingIn(market.databaseUrl)).not.toMatch(/jalak/)
    expect(await mailsOf(market, 'jalak-suren@example.com')).toEqual([])
  })
})
