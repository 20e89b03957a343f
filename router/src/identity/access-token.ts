import type { Stop } from '@pasar/shared/events/bus'
import type { Clock } from '@pasar/shared/clock'
import type { Id } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import { NotSignedIn, Unavailable, type CodedError } from '@pasar/shared/problems'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { createLocalJWKSet, createRemoteJWKSet, errors, jwtVerify, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { routerLimits } from '../safety/limits.ts'
import type { VoidTokens } from './void-tokens.ts'

/** Who a token names, and until when. */
export interface VerifiedToken {
  readonly viewer: AccountViewer
  readonly expires: Date
  /** Which of its account's rights it says; absent in a token from before there was such a number. */
  readonly rights?: number | undefined
}

/** Verifies an access token; throws NotSignedIn for anything that `users` did not sign, or signed for longer ago than it lives. */
export type VerifyAccessToken = (token: string) => Promise<VerifiedToken>

const claims = z.object({
  sub: z.string().min(1),
  sid: z.string().min(1),
  exp: z.number(),
  roles: z.array(z.enum(['seller', 'support', 'admin'])),
  shops: z.array(z.string()),
  helps: z.array(z.string()).optional(),
  rights: z.number().optional(),
})

const refused = () =>
  new NotSignedIn({
    id: 'Access token tidak berlaku: perbarui sesi atau masuk lagi',
    en: 'The access token is not valid: refresh the session or sign in again',
  })

const faults: readonly unknown[] = [
  errors.JWTExpired,
  errors.JWTClaimValidationFailed,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
  errors.JWKSNoMatchingKey,
]

/** A token is only called bad when it is: people are not signed out because it cannot be found out right now. */
const uncheckable = (what: string) =>
  new Unavailable(what, {
    id: 'Siapa yang masuk sedang tidak bisa diperiksa',
    en: 'Who is signed in cannot be checked right now',
  })

const reasonOf = (error: unknown): CodedError =>
  faults.includes((error as Error).constructor) ? refused() : uncheckable('whoever publishes the keys of access tokens')

/** A token that was verified, and until when that is believed. */
interface Remembered {
  readonly verified: VerifiedToken
  readonly until: number
}

const rememberedMax = 10_000

/**
 * Makes the check from the keys that `users` publishes. People send the same token with every request, and a signature takes longer to check
 * than all the rest: what was verified is believed for as long as a viewer's token lives, which nobody checks a second time either.
 */
export function openAccessTokens(keys: JWTVerifyGetKey, clock: Clock): VerifyAccessToken {
  const remembered = new Map<string, Remembered>()
  return async (token) => {
    const now = clock.now()
    const known = remembered.get(token)
    if (known && known.until > now.getTime()) return known.verified
    const verified = await verifyToken(token, keys, now)
    const until = Math.min(verified.expires.getTime(), now.getTime() + limits.viewerTokenSeconds * 1_000)
    if (remembered.size >= rememberedMax) remembered.clear()
    remembered.set(token, { verified, until })
    return verified
  }
}

/** Refuses tokens that are void as those whose time is over, and all of them while it is not known which are. */
export const exceptVoid =
  (verify: VerifyAccessToken, voidTokens: VoidTokens): VerifyAccessToken =>
  async (token) => {
    const verified = await verify(token)
    await voidTokens.known().catch(() => Promise.reject(uncheckable('whoever knows which access tokens are void')))
    if (voidTokens.whyVoid(verified)) throw refused()
    return verified
  }

async function verifyToken(token: string, keys: JWTVerifyGetKey, currentDate: Date): Promise<VerifiedToken> {
  const options = { issuer: 'pasar-users', audience: 'pasar', algorithms: ['EdDSA'], currentDate }
  const { payload } = await jwtVerify(token, keys, options).catch((error: unknown) => Promise.reject(reasonOf(error)))
  const parsed = claims.safeParse(payload)
  if (!parsed.success) throw refused()
  const { sub, sid, exp, roles, shops, helps, rights } = parsed.data
  const ids = { accountId: sub as Id<'account'>, sessionId: sid as Id<'session'>, shopIds: shops as Id<'shop'>[] }
  const helped = helps && { helpedShopIds: helps as Id<'shop'>[] }
  return { viewer: { kind: 'account', roles, ...ids, ...helped }, expires: new Date(exp * 1000), rights }
}

/** Keys of `users` in the same process, read anew when a token names one that is not known yet. */
export function localKeys(jwks: () => Promise<JSONWebKeySet>): JWTVerifyGetKey {
  let known: ReturnType<typeof createLocalJWKSet> | undefined
  return async (header, token) => {
    try {
      if (known) return await known(header, token)
    } catch {
      // A key that is not known may be a new one.
    }
    known = createLocalJWKSet(await jwks())
    return known(header, token)
  }
}

/** Anybody can name a key that nobody has: whether it is there by now is asked no more often than this. */
const unknownKeyRestMs = 1_000

/** Keys of `users` in another process. */
type RemoteKeys = JWTVerifyGetKey & { readonly stop: Stop }

/**
 * Keys of `users` over HTTP: read when a token names one that is not known, and anew from time to time, so that one is not believed any more
 * which was taken away. While `users` does not answer, those that are known are good.
 */
export function remoteKeys(usersUrl: string): RemoteKeys {
  const options = { cooldownDuration: unknownKeyRestMs, cacheMaxAge: Infinity }
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', usersUrl), options)
  const again = setInterval(() => void keys.reload().catch(() => undefined), routerLimits.keysReadMs).unref()
  return Object.assign(keys, { stop: async () => clearInterval(again) })
}
