import type { Person, UsersMarket } from './users-for-test.ts'

/** Subjects of what was mailed to an address so far, the oldest first. */
export async function mailsOf(market: UsersMarket, email: string): Promise<string[]> {
  await market.settle()
  return market.mailbox.to(email).map(({ subject }) => subject)
}

/** The token of the last mail to an address. */
export async function proofTo(market: UsersMarket, email: string): Promise<string> {
  await market.settle()
  return /^[\w-]{43}$/m.exec(market.mailbox.to(email).at(-1)?.text ?? '')?.[0] ?? ''
}

/** The token of a reset that is asked for now. */
export async function resetTo(market: UsersMarket, email: string): Promise<string> {
  await market.run('requestPasswordReset', { email })
  return proofTo(market, email)
}

/** Gives the token of a mail back. */
export const verify = (market: UsersMarket, { viewer }: Pick<Person, 'viewer'>, token: string) =>
  market.run<{ account: { email: string } }>('verifyEmail', { token }, { as: viewer, fields: 'account { email emailVerified }' })
