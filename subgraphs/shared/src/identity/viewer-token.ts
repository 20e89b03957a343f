import { sign, verify, type KeyObject } from 'node:crypto'

/** What a viewer token says. */
export interface ViewerClaims {
  readonly viewer: unknown
  readonly locale: unknown
  readonly iss: string
  readonly aud: string
  readonly iat: number
  readonly exp: number
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** There is one kind of token, so there is one header: nothing in a token says how it is to be checked. */
const header = part({ alg: 'EdDSA', typ: 'viewer+jwt' })

/** A JWT with an Ed25519 signature, made on the spot: WebCrypto hands each to another thread, which takes longer than signing. */
export function signViewerToken(claims: ViewerClaims, key: KeyObject): string {
  const text = `${header}.${part(claims)}`
  return `${text}.${sign(null, Buffer.from(text), key).toString('base64url')}`
}

/** What a token says; undefined where none of the keys' holders has signed it. Whether it is for the reader, and still good, is the reader's to see. */
export function readViewerToken(token: string, keys: readonly KeyObject[]): ViewerClaims | undefined {
  const [head, claims, signature, more] = token.split('.')
  if (head !== header || !claims || !signature || more !== undefined) return undefined
  const signed = Buffer.from(`${head}.${claims}`)
  const by = Buffer.from(signature, 'base64url')
  if (!keys.some((key) => verify(null, signed, key, by))) return undefined
  return claimsIn(token)
}

/** What a token says before anybody has checked it: enough to find out whose key to check it with. */
export const claimsIn = (token: string): ViewerClaims =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as ViewerClaims
