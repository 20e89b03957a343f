import { createHmac, timingSafeEqual } from 'node:crypto'

/** Header that carries the signature, both ways. */
export const signatureHeader = 'x-courier-signature'

/** HMAC-SHA256 over the raw body, as hexadecimal text. */
export const signBody = (body: string, secret: string): string => createHmac('sha256', secret).update(body).digest('hex')

/** Whether a signature fits a body; takes the same time whatever is wrong with it. */
export function isSignedBody(body: string, signature: string | undefined, secret: string): boolean {
  const expected = Buffer.from(signBody(body, secret), 'hex')
  const given = Buffer.from(/^[0-9a-f]{64}$/.test(signature ?? '') ? signature! : '0'.repeat(64), 'hex')
  return timingSafeEqual(expected, given)
}
