import { limits } from '@pasar/shared/limits'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { signInDuring } from './signing-in.ts'
import { password, startUsers, viewerOf, type Person, type UsersMarket } from './users-for-test.ts'

let market: UsersMarket
beforeAll(async () => {
  market = await startUsers()
})
afterAll(() => market.stop())

const next = 'kata sandi yang baru'
const askForMail = (email: string) => market.run('requestPasswordReset', { email }, { fields: 'expiresInMinutes' })
const grantQuery = 'mutation ($input: GrantRoleInput!) { grantRole(input: $input) { __typename } }'
const grantTo = (userId: string) => ({
  query: grantQuery,
  variables: { input: { userId, role: 'ADMIN', reason: 'Pengelola baru' } },
})
const tokenFor = async (email: string) => {
  await askForMail(email)
  await market.settle()
  return /^[\w-]{43}$/m.exec(market.mailbox.to(email).at(-1)?.text ?? '')?.[0] ?? ''
}
const reset = (token: string, newPassword = next) =>
  market.run('resetPassword', { token, newPassword }, { fields: 'endedSessions' })

describe('changing the password', () => {
  it('ends all other sessions and keeps the one it was changed in', async () => {
    const person = await market.register()
    const other = await market.signIn(person.email)
    const input = { currentPassword: password, newPassword: next }
    expect(await market.run('changePassword', input, { as: person.viewer, fields: 'endedSessions' })).toEqual({
      __typename: 'ChangePasswordSuccess',
      endedSessions: 1,
    })
    expect(await market.refresh(other.tokens.refreshToken)).toMatchObject({ __typename: 'SessionEnded' })
    expect(await market.refresh(person.tokens.refreshToken)).toMatchObject({ __typename: 'RefreshSessionSuccess' })
    expect(await market.signIn(person.email)).toMatchObject({ __typename: 'SignInRefused' })
    expect(await market.signIn(person.email, next)).toMatchObject({ __typename: 'SignInSuccess' })
    await market.settle()
    expect(market.mailbox.to(person.email).map(({ subject }) => subject)).toEqual(['Your Pasar password was changed'])
  })

  it('has an admin sign in again elsewhere before they do what admins may', async () => {
    const [admin, colleague] = [await market.register(), await market.register()]
    await market.ask({ ...grantTo(admin.id), as: await market.staff('admin') })
    const [here, there] = [await market.signIn(admin.email), await market.signIn(admin.email)]
    const grantFrom = ({ tokens }: typeof here) => ({ ...grantTo(colleague.id), as: viewerOf(tokens.access.token) })
    const input = { currentPassword: password, newPassword: next }
    await market.run('changePassword', input, { as: viewerOf(here.tokens.access.token) })
    expect(await market.refusalOf(grantFrom(there))).toMatchObject({ code: 'UNAUTHENTICATED' })
    expect(await market.ask(grantFrom(await market.signIn(admin.email, next)))).toEqual({ __typename: 'GrantRoleSuccess' })
  })

  it('wants the current one, under the same limit as signing in', async () => {
    const { viewer, email } = await market.register()
    const wrong = { currentPassword: 'bukan kata sandinya', newPassword: next }
    for (let n = 0; n < 5; n++)
      expect(await market.run('changePassword', wrong, { as: viewer })).toMatchObject({ __typename: 'PasswordWrong' })
    expect(await market.run('changePassword', { ...wrong, currentPassword: password }, { as: viewer })).toMatchObject({
      __typename: 'SignInLimited',
    })
    expect(await market.signIn(email)).toMatchObject({ __typename: 'SignInLimited' })
  })

  it('mails what the market says and nothing that the account says, three times an hour however often it happens', async () => {
    const { email, viewer } = await market.register('Menang undian! https://contoh.example/klaim')
    const words = [password, next]
    const changeTenTimes = async () => {
      for (let n = 0; n < 10; n++) {
        const input = { currentPassword: words[n % 2], newPassword: words[(n + 1) % 2] }
        expect(await market.run('changePassword', input, { as: viewer })).toMatchObject({ __typename: 'ChangePasswordSuccess' })
      }
      await market.settle()
    }
    await changeTenTimes()
    await tokenFor(email)
    const mails = market.mailbox.to(email)
    expect(mails.map(({ subject }) => subject)).toEqual([
      ...Array.from({ length: 3 }, () => 'Your Pasar password was changed'),
      'Reset your Pasar password',
    ])
    expect(mails.filter(({ subject, text }) => /undian|contoh/.test(subject + text))).toEqual([])
    market.clock.advance(60 * 60_000)
    await changeTenTimes()
    expect(market.mailbox.to(email)).toHaveLength(7)
  })

  it('is told to its owner for five days when the mail server is away, and a reset for an hour', async () => {
    const [soon, late] = [await market.register(), await market.register()]
    const awayFor = async (hours: number, every: number) => {
      market.mailbox.state.refusing = true
      for (let passed = 0; passed < hours; passed += every) {
        market.clock.advance(every * 3_600_000)
        await market.settle()
      }
      market.mailbox.state.refusing = false
      market.clock.advance(3_600_000)
      await market.settle()
    }
    const change = ({ viewer }: Person) =>
      market.run('changePassword', { currentPassword: password, newPassword: next }, { as: viewer })
    const subjects = ({ email }: Person) => market.mailbox.to(email).map(({ subject }) => subject)
    await change(soon)
    await askForMail(soon.email)
    await awayFor(2, 1 / 6)
    expect(subjects(soon)).toEqual(['Your Pasar password was changed'])
    await change(late)
    await awayFor(24 * limits.mailNoticeDays, 12)
    expect(subjects(late)).toEqual([])
  })

  const changedAt = async (email: string) => {
    const { viewer } = await market.register('Budi Santoso', email)
    await market.run('changePassword', { currentPassword: password, newPassword: next }, { as: viewer })
  }

  it('is told again to owners whose server refuses it only after what was not tried yet', async () => {
    const { email } = await market.register()
    market.mailbox.state.rejecting = { 'dead.example': 550 }
    for (const dead of ['satu@dead.example', 'dua@dead.example']) await changedAt(dead)
    await market.settle()
    market.clock.advance(60_000)
    await askForMail(email)
    const before = market.mailbox.tried.length
    await market.settle()
    expect(market.mailbox.tried.slice(before)).toEqual([email, 'satu@dead.example', 'dua@dead.example'])
    market.mailbox.state.rejecting = {}
  })

  it('is tried eight times where the address is refused for good, and on where it is not', async () => {
    market.mailbox.state.rejecting = { 'gone.example': 550, 'full.example': 450 }
    for (const address of ['budi@gone.example', 'budi@full.example']) await changedAt(address)
    for (let hours = 0; hours < 12; hours++) {
      await market.settle()
      market.clock.advance(3_600_000)
    }
    const triesAt = (address: string) => market.mailbox.tried.filter((one) => one === address).length
    expect([triesAt('budi@gone.example'), triesAt('budi@full.example')]).toEqual([limits.mailAttemptsMax, 12])
    market.mailbox.state.rejecting = {}
    await market.settle()
    expect(['budi@gone.example', 'budi@full.example'].map((address) => market.mailbox.to(address).length)).toEqual([0, 1])
  })

  it('does not take a common one', async () => {
    const { viewer } = await market.register()
    expect(
      await market.run('changePassword', { currentPassword: password, newPassword: 'indonesia123' }, { as: viewer }),
    ).toMatchObject({ __typename: 'PasswordTooCommon' })
  })
})

describe('a forgotten password', () => {
  it('is replaced with the token of a mail, in the language of the account; all sessions end', async () => {
    const person = await market.register()
    await market.run('changeProfile', { language: 'ID' }, { as: person.viewer })
    const token = await tokenFor(person.email)
    expect(market.mailbox.to(person.email)[0]).toMatchObject({
      subject: 'Atur ulang kata sandi Pasar',
      text: expect.stringMatching(/^Halo,/),
    })
    expect(await reset(token)).toEqual({ __typename: 'ResetPasswordSuccess', endedSessions: 1 })
    expect(await market.refresh(person.tokens.refreshToken)).toMatchObject({ __typename: 'SessionEnded' })
    expect(await market.signIn(person.email, next)).toMatchObject({ __typename: 'SignInSuccess' })
  })

  it('takes from whoever has stolen the token of an admin what admins may do', async () => {
    const [admin, accomplice] = [await market.register(), await market.register()]
    await market.ask({ ...grantTo(admin.id), as: await market.staff('admin') })
    const stolen = viewerOf((await market.signIn(admin.email)).tokens.access.token)
    await reset(await tokenFor(admin.email))
    expect(await market.refusalOf({ ...grantTo(accomplice.id), as: stolen })).toMatchObject({ code: 'UNAUTHENTICATED' })
  })

  it('answers the same for an address without account, with the same statements, and sends nothing there', async () => {
    const { email } = await market.register()
    const answerTo = async (address: string) => {
      const from = market.statements.length
      return { answer: await askForMail(address), statements: market.statements.slice(from) }
    }
    const known = await answerTo(email)
    const unknown = await answerTo('bukan.siapa.siapa@example.com')
    expect(unknown).toEqual(known)
    expect(known.answer).toEqual({ __typename: 'RequestPasswordResetSuccess', expiresInMinutes: 30 })
    await market.settle()
    expect(market.mailbox.to(email)).toHaveLength(1)
    expect(market.mailbox.to('bukan.siapa.siapa@example.com')).toHaveLength(0)
  })

  it('takes a token once, also when it comes twice at the same moment', async () => {
    const { email } = await market.register()
    const token = await tokenFor(email)
    const results = await Promise.all([reset(token), reset(token, 'satu lagi yang baru'), reset(token, 'dan satu lagi sandi')])
    expect(results.map(({ __typename }) => __typename).toSorted()).toEqual([
      'ResetPasswordSuccess',
      'ResetTokenUnusable',
      'ResetTokenUnusable',
    ])
    expect(await reset(token)).toMatchObject({ __typename: 'ResetTokenUnusable' })
  })

  it('takes a token for half an hour only', async () => {
    const { email } = await market.register()
    const token = await tokenFor(email)
    market.clock.advance(30 * 60_000)
    expect(await reset(token)).toMatchObject({ __typename: 'ResetTokenUnusable' })
  })

  it('keeps the token good when the new password is refused, and voids all others when it is taken', async () => {
    const { email } = await market.register()
    const [first, second] = [await tokenFor(email), await tokenFor(email)]
    expect(await reset(second, '1234567890')).toMatchObject({ __typename: 'PasswordTooCommon' })
    expect(await reset(second)).toMatchObject({ __typename: 'ResetPasswordSuccess' })
    expect(await reset(first)).toMatchObject({ __typename: 'ResetTokenUnusable' })
  })

  it('sends at most three mails an hour, and says so whether there is such an account or not', async () => {
    const { email } = await market.register()
    for (const address of [email, 'juga.bukan.siapa@example.com']) {
      for (let n = 0; n < 3; n++) expect(await askForMail(address)).toMatchObject({ __typename: 'RequestPasswordResetSuccess' })
      expect(await askForMail(address)).toMatchObject({ __typename: 'ResetMailLimited', code: 'RESET_MAIL_LIMITED' })
    }
    await market.settle()
    expect(market.mailbox.to(email)).toHaveLength(3)
    market.clock.advance(60 * 60_000)
    await tokenFor(email)
    expect(market.mailbox.to(email)).toHaveLength(4)
  })

  it('lets in who is locked out by the guesses of others', async () => {
    const { email } = await market.register()
    for (let n = 0; n < 6; n++) await market.signIn(email, `tebakan ke-${n}`)
    await reset(await tokenFor(email))
    expect(await market.signIn(email, next)).toMatchObject({ __typename: 'SignInSuccess' })
  })

  it('is mailed later when the mail server does not take it now', async () => {
    const { email } = await market.register()
    market.mailbox.state.refusing = true
    await askForMail(email)
    await market.settle()
    market.mailbox.state.refusing = false
    await market.settle()
    expect(market.mailbox.to(email)).toHaveLength(0)
    market.clock.advance(60_000)
    await market.settle()
    expect(market.mailbox.to(email)).toHaveLength(1)
  })
})

describe('a sign-in with the old password that is under way while the password changes', () => {
  it.each(['changePassword', 'resetPassword'])('leaves no session behind after %s', async (way) => {
    const { email, viewer } = await market.register()
    const token = await tokenFor(email)
    const change = () =>
      way === 'resetPassword'
        ? reset(token)
        : market.run('changePassword', { currentPassword: password, newPassword: next }, { as: viewer })
    const refreshToken = await signInDuring(market, email, change)
    expect(await market.signIn(email, next)).toMatchObject({ __typename: 'SignInSuccess' })
    expect(await market.refresh(refreshToken)).toMatchObject({ __typename: 'SessionEnded' })
  })
})
