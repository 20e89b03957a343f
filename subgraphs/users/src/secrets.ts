import { createHash, createHmac, randomBytes } from 'node:crypto'
import { BadInput } from '@pasar/shared/problems'

/** 256 bits that nobody can guess, as 43 characters. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** What is kept of a secret. A plain hash will do: there is nothing to guess in 256 random bits. */
export const secretHash = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

/** The secret that follows another one: whoever has that one and the salt can make it again, nobody else. */
export const successorOf = (secret: string, salt: string): string => createHmac('sha256', secret).update(salt).digest('base64url')

/** Checks the form of a secret; throws BadInput naming the field. */
export function parseSecret(raw: string, field: string): string {
  const secret = raw.trim()
  if (!/^[\w-]{43}$/.test(secret))
    throw new BadInput(field, {
      id: 'token 43 karakter persis seperti yang diberikan',
      en: 'a token of 43 characters, as it was given',
    })
  return secret
}
