import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { Clock } from '@pasar/shared/clock'
import { keysIn, privateKeyFrom } from '@pasar/shared/identity/signature'
import { limits } from '@pasar/shared/limits'
import { calculateJwkThumbprint, exportJWK, SignJWT, type JSONWebKeySet } from 'jose'

/** Who a token stands for. */
export interface TokenSubject {
  readonly accountId: string
  readonly sessionId: string
  readonly roles: readonly string[]
  readonly shopIds: readonly string[]
  readonly helpedShopIds?: readonly string[] | undefined
  /** Grows with each change of the above but the session: a token with a smaller number says what is over. 0 where absent. */
  readonly rights?: number | undefined
}

/** A signed access token. */
export interface AccessToken {
  readonly token: string
  readonly expiresAt: Date
}

/** A new Ed25519 key (base64 PKCS #8). */
export const newSigningKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')

/** A key as the router reads it: its public half, named by what it is. */
async function published(privateKey: KeyObject) {
  const publicJwk = await exportJWK(createPublicKey(privateKey))
  return { ...publicJwk, kid: await calculateJwkThumbprint(publicJwk), alg: 'EdDSA', use: 'sig' }
}

/** Signs access tokens with the first of `keys` (with commas between them); what the others have signed goes on being believed. */
export async function openAccessTokens(keys: string, clock: Clock) {
  const privateKeys = keysIn(keys).map(privateKeyFrom)
  const [privateKey] = privateKeys as [KeyObject, ...KeyObject[]]
  const keySet = { keys: await Promise.all(privateKeys.map(published)) } satisfies JSONWebKeySet
  const { kid } = keySet.keys[0]!
  return {
    /** The public halves, as the router reads them. */
    jwks: async (): Promise<JSONWebKeySet> => keySet,
    async issue({ accountId, sessionId, roles, shopIds, helpedShopIds = [], rights = 0 }: TokenSubject): Promise<AccessToken> {
      const now = Math.floor(clock.now().getTime() / 1000)
      const expires = now + limits.accessTokenMinutes * 60
      const token = await new SignJWT({
        sid: sessionId,
        roles,
        rights,
        shops: shopIds,
        ...(helpedShopIds.length > 0 && { helps: helpedShopIds }),
      })
        .setProtectedHeader({ alg: 'EdDSA', kid, typ: 'at+jwt' })
        .setIssuer('pasar-users')
        .setAudience('pasar')
        .setSubject(accountId)
        .setIssuedAt(now)
        .setExpirationTime(expires)
        .sign(privateKey)
      return { token, expiresAt: new Date(expires * 1000) }
    },
  }
}

/** Signs access tokens; see openAccessTokens. */
export type AccessTokens = Awaited<ReturnType<typeof openAccessTokens>>
