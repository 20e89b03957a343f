import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { Domain } from '../domains.ts'
import {
  askedBy,
  hmacKeyFrom,
  issuers,
  keysIn,
  privateKeyFrom,
  publicKeyFrom,
  type Issuer,
  type SigningKeys,
  type TrustedIssuers,
} from './signature.ts'
import { SettingProblem } from '../process/setting-problem.ts'
import type { Settings } from '../process/settings.ts'

const upper = <T extends string>(name: T) => name.toUpperCase() as Uppercase<T>

/** Fresh keys for a whole market, as environment settings. */
export function generateKeys(): Record<string, string> {
  const pairs = issuers.flatMap((issuer) => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    return [
      [`${upper(issuer)}_PRIVATE_KEY`, privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')],
      [`${upper(issuer)}_PUBLIC_KEY`, publicKey.export({ format: 'der', type: 'spki' }).toString('base64')],
    ]
  })
  const macs = issuers.flatMap((issuer) =>
    askedBy(issuer).map((domain) => [`HMAC_${upper(issuer)}_${upper(domain)}`, randomBytes(32).toString('base64')]),
  )
  return Object.fromEntries([...pairs, ...macs]) as Record<string, string>
}

/** What a person has set, completed with fresh keys; half a pair is refused, because no other half fits it. */
export function withFreshKeys(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const given = Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => !!entry[1]))
  for (const issuer of issuers) {
    const pair = [`${upper(issuer)}_PRIVATE_KEY`, `${upper(issuer)}_PUBLIC_KEY`]
    const missing = pair.find((name) => !given[name])
    const set = pair.find((name) => given[name])
    if (missing !== undefined && set !== undefined)
      throw new SettingProblem(`${missing} is missing beside ${set}: the two are made together by \`npm run keys\``)
  }
  return { ...generateKeys(), ...given }
}

const needed = (settings: Settings, name: keyof Settings): string => {
  const value = settings[name]
  if (typeof value !== 'string') throw new SettingProblem(`${name} is missing: make keys with "npm run keys"`)
  return value
}

const hmacKeys = (settings: Settings, issuer: Issuer, domain: Domain) =>
  keysIn(needed(settings, `HMAC_${upper(issuer)}_${upper(domain)}`)).map(hmacKeyFrom)

/** What an issuer signs with. */
export const signingKeys = (settings: Settings, issuer: Issuer): SigningKeys => ({
  issuer,
  privateKey: privateKeyFrom(needed(settings, `${upper(issuer)}_PRIVATE_KEY`)),
  hmacKeys: Object.fromEntries(askedBy(issuer).map((domain) => [domain, hmacKeys(settings, issuer, domain)[0]])),
})

/** Whom a subgraph believes: the router, and for internal commands the checkout saga of orders, and users. */
export const trustedIssuers = (settings: Settings, domain: Domain): TrustedIssuers =>
  Object.fromEntries(
    issuers
      .filter((issuer) => issuer !== domain)
      .map((issuer) => [
        issuer,
        {
          publicKeys: keysIn(needed(settings, `${upper(issuer)}_PUBLIC_KEY`)).map(publicKeyFrom),
          hmacKeys: hmacKeys(settings, issuer, domain),
        },
      ]),
  )
