import { createHmac, createPrivateKey, createPublicKey, randomUUID, timingSafeEqual, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import { domains, type Domain } from '../domains.ts'
import { limits } from '../limits.ts'
import { NotSignedIn } from '../problems.ts'
import type { RequestIdentity, Viewer } from './viewer.ts'
import { claimsIn, readViewerToken, signViewerToken } from './viewer-token.ts'

/** Processes that may speak to subgraphs. */
export const issuers = ['router', 'orders', 'users'] as const

/** One of them. */
export type Issuer = (typeof issuers)[number]

/** Subgraphs that send internal commands. */
export type Caller = Exclude<Issuer, 'router'>

/** Whom an issuer may ask: every subgraph but itself. */
export const askedBy = (issuer: Issuer): readonly Domain[] => domains.filter((domain) => domain !== issuer)

/** What an issuer needs to sign: its private key, and one HMAC key per subgraph that only the two hold. */
export interface SigningKeys {
  readonly issuer: Issuer
  readonly privateKey: KeyObject
  readonly hmacKeys: Readonly<Partial<Record<Domain, Buffer>>>
}

/** What a subgraph knows of an issuer it trusts: one key of each kind, or while they are replaced the old and the new one. */
export interface Trust {
  readonly publicKeys: readonly KeyObject[]
  readonly hmacKeys: readonly Buffer[]
}

/** Whom a subgraph believes. */
export type TrustedIssuers = Readonly<Partial<Record<Issuer, Trust>>>

/** Names of the headers (and graphql-ws connection parameters) that carry identity and its binding to one request. */
export const identityHeaders = { viewer: 'x-pasar-viewer', signature: 'x-pasar-signature', requestId: 'x-request-id' } as const

/** A request as it is signed: subscriptions sign the empty body when they connect. */
interface Bound {
  readonly path: string
  readonly body: string
}

const claims = z.object({
  viewer: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('guest') }),
    z.object({
      kind: z.literal('account'),
      accountId: z.string(),
      sessionId: z.string(),
      roles: z.array(z.enum(['seller', 'support', 'admin'])),
      shopIds: z.array(z.string()),
      helpedShopIds: z.array(z.string()).optional(),
    }),
    z.object({ kind: z.literal('service'), name: z.string() }),
  ]),
  locale: z.enum(['id', 'en']),
})

const mac = (key: Buffer, parts: readonly string[]) => createHmac('sha256', key).update(parts.join('\n')).digest()

/**
 * Signs requests of one issuer. The viewer context is an Ed25519 token for one subgraph, reused for half of its life; each request is
 * bound to it by an HMAC over time, nonce, request id, path and body.
 */
export function openSigner(keys: SigningKeys, clock: Clock) {
  const tokens = new Map<string, { token: string; renewAt: number }>()
  const tokenFor = (audience: Domain, { viewer, locale }: RequestIdentity) => {
    const now = Math.floor(clock.now().getTime() / 1000)
    const cacheKey = JSON.stringify([audience, locale, viewer])
    const known = tokens.get(cacheKey)
    if (known && known.renewAt > now) return known.token
    if (tokens.size > 10_000) tokens.clear()
    const said = { viewer, locale, iss: keys.issuer, aud: audience, iat: now, exp: now + limits.viewerTokenSeconds }
    const token = signViewerToken(said, keys.privateKey)
    tokens.set(cacheKey, { token, renewAt: now + limits.viewerTokenSeconds / 2 })
    return token
  }
  return {
    /** Headers that make `audience` accept this one request. */
    async headers(audience: Domain, identity: RequestIdentity, { path, body }: Bound): Promise<Record<string, string>> {
      const key = keys.hmacKeys[audience]
      if (!key) throw new Error(`${keys.issuer} has no key for ${audience}`)
      const token = tokenFor(audience, identity)
      const time = String(clock.now().getTime())
      const nonce = randomUUID()
      const signature = mac(key, [time, nonce, identity.requestId, path, token, body]).toString('base64url')
      return {
        [identityHeaders.viewer]: token,
        [identityHeaders.requestId]: identity.requestId,
        [identityHeaders.signature]: `t=${time},n=${nonce},v=${signature}`,
      }
    },
  }
}

/** Signs requests of one issuer; see openSigner. */
export type Signer = ReturnType<typeof openSigner>

const unsigned = () =>
  new NotSignedIn({
    id: 'Permintaan ini tidak ditandatangani oleh bagian pasar yang tepercaya',
    en: 'This request is not signed by a trusted part of the market',
  })

function parseSignature(header: string): { time: string; nonce: string; value: Buffer } {
  const match = /^t=(\d{1,16}),n=([\w-]{1,64}),v=([\w-]{43})$/.exec(header)
  if (!match) throw unsigned()
  return { time: match[1]!, nonce: match[2]!, value: Buffer.from(match[3]!, 'base64url') }
}

/** Remembers values for a while and says whether one comes again. Bounded by what the signature window lets in. */
function replayGuard(windowMs: number) {
  const seen = new Map<string, number>()
  return (nonce: string, now: number): boolean => {
    for (const [old, at] of seen) {
      if (at > now - windowMs) break
      seen.delete(old)
    }
    if (seen.has(nonce)) return false
    seen.set(nonce, now)
    return true
  }
}

/** What one subgraph needs to check requests. */
export interface VerifierOptions {
  readonly audience: Domain
  readonly trusted: TrustedIssuers
  readonly clock: Clock
}

/** Checks requests at a subgraph's door; whatever is unsigned, expired, altered, meant for another, or sent twice throws NotSignedIn. */
export function openVerifier({ audience, trusted, clock }: VerifierOptions) {
  const windowMs = limits.viewerTokenSeconds * 1000
  const isNew = replayGuard(2 * windowMs)
  const verified = new Map<string, { issuer: Issuer; identity: Omit<RequestIdentity, 'requestId'>; expires: number }>()
  const readToken = (token: string) => {
    const now = clock.now().getTime()
    const known = verified.get(token)
    if (known && known.expires > now) return known
    const issuer = issuerOf(token)
    const trust = issuer && trusted[issuer]
    const payload = trust && readViewerToken(token, trust.publicKeys)
    if (!payload || payload.aud !== audience || !(payload.exp * 1000 > now)) throw unsigned()
    const { viewer, locale } = claims.parse(payload)
    if (viewer.kind === 'service' && viewer.name !== issuer) throw unsigned()
    if (issuer !== 'router' && viewer.kind !== 'service') throw unsigned()
    if (verified.size > 10_000) verified.clear()
    const entry = { issuer, identity: { viewer: viewer as Viewer, locale }, expires: payload.exp * 1000 }
    verified.set(token, entry)
    return entry
  }
  return async (headers: Readonly<Record<string, string | undefined>>, bound: Bound): Promise<RequestIdentity> => {
    const token = headers[identityHeaders.viewer]
    const requestId = headers[identityHeaders.requestId]
    const signature = parseSignature(headers[identityHeaders.signature] ?? '')
    if (!token || !requestId) throw unsigned()
    const { issuer, identity } = readToken(token)
    const parts = [signature.time, signature.nonce, requestId, bound.path, token, bound.body]
    if (!trusted[issuer]!.hmacKeys.some((key) => timingSafeEqual(mac(key, parts), signature.value))) throw unsigned()
    const now = clock.now().getTime()
    if (Math.abs(now - Number(signature.time)) > windowMs) throw unsigned()
    if (!isNew(signature.nonce, now)) throw unsigned()
    return { ...identity, requestId }
  }
}

/** The door check of one subgraph; see openVerifier. */
export type Verifier = ReturnType<typeof openVerifier>

function issuerOf(token: string): Issuer | undefined {
  try {
    const { iss } = claimsIn(token)
    return issuers.find((issuer) => issuer === iss)
  } catch {
    return undefined
  }
}

/** The keys of a setting, which has commas between them: the first one signs, all are believed. */
export const keysIn = (text: string): readonly [string, ...string[]] =>
  text.split(',').map((key) => key.trim()) as [string, ...string[]]

/** A private key from its base64 PKCS #8 form. */
export const privateKeyFrom = (base64: string): KeyObject =>
  ed25519(createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' }))

/** A public key from its base64 SPKI form. */
export const publicKeyFrom = (base64: string): KeyObject =>
  ed25519(createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' }))

const hmacBytes = 32

/** A key that binds requests, from its base64 form. */
export function hmacKeyFrom(base64: string): Buffer {
  const key = Buffer.from(base64, 'base64')
  if (key.length !== hmacBytes) throw new Error(`expected ${hmacBytes} bytes, not ${key.length}`)
  return key
}

/** Signatures are made and checked with whatever the key is for, so it has to be for Ed25519. */
function ed25519(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`expected an Ed25519 key, not ${key.asymmetricKeyType}`)
  return key
}
