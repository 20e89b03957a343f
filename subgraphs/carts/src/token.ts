import { createHash, randomBytes } from 'node:crypto'
import { BadInput } from '@pasar/shared/problems'

/** 256 random bits, for a URL. */
export const newCartToken = (): string => randomBytes(32).toString('base64url')

/** What is kept of a token: the token itself cannot be found out from it. */
export function hashCartToken(token: string, field = 'cartToken'): string {
  if (!/^[\w-]{43}$/.test(token))
    throw new BadInput(field, { id: 'token yang diberikan createCart', en: 'the token that createCart returned' })
  return createHash('sha256').update(token).digest('hex')
}
