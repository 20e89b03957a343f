import { expect, it } from 'vitest'
import { domains } from '../domains.ts'
import { issuers } from '../identity/signature.ts'
import { generateKeys, signingKeys, trustedIssuers, withFreshKeys } from '../identity/keys.ts'
import { openLog } from '../log.ts'
import { readSettings, settings, type Settings } from './settings.ts'

it('has a default or an explanation for every setting', () => {
  expect(readSettings({}).PORT).toBe(4000)
  for (const setting of Object.values(settings)) expect(setting.doc).not.toBe('')
})

it.each([
  [{ PORT: 'four' }, 'PORT must be a port number'],
  [{ DATABASE_URL_ORDERS: 'mysql://u:secret@h/d' }, 'DATABASE_URL_ORDERS must be a URL that starts with postgres://'],
  [{ REDIS_URL: 'localhost' }, 'REDIS_URL must be a URL that starts with redis://'],
  [{ NODE_ENV: 'prod' }, 'NODE_ENV must be one of development, test, production'],
  [{ CORS_ORIGINS: 'https://shop.example/secret' }, 'CORS_ORIGINS must be origins like https://shop.example, without a path'],
  [{ CORS_ORIGINS: 'https://a.example, *' }, 'CORS_ORIGINS must be origins like https://shop.example, without a path'],
  [{ CORS_ORIGINS: 'localhost:3000' }, 'CORS_ORIGINS must be origins like https://shop.example, without a path'],
  [{ CORS_ORIGINS: 'https://u:secret@shop.example' }, 'CORS_ORIGINS must be origins like https://shop.example, without a path'],
  [{ HMAC_ROUTER_USERS: 'secret' }, 'HMAC_ROUTER_USERS must be 32 bytes in base64'],
  [{ ROUTER_PRIVATE_KEY: 'secret' }, 'ROUTER_PRIVATE_KEY must be an Ed25519 key in base64'],
  [{ ORDERS_PUBLIC_KEY: 'secret' }, 'ORDERS_PUBLIC_KEY must be the public half of an Ed25519 key'],
  [{ ACCESS_TOKEN_KEY: 'secret' }, 'ACCESS_TOKEN_KEY must be an Ed25519 key in base64'],
  [{ LOG_LEVEL: 'verbose' }, 'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, silent'],
])('names the setting that cannot be used and never shows its value: %j', (env, message) => {
  expect(() => readSettings(env)).toThrow(message)
  expect(() => readSettings(env)).not.toThrow('secret')
})

it('makes the keys that one signs with and another believes, and no others', () => {
  const keys = generateKeys()
  const read = (work: (given: Settings) => void): string[] => {
    const names = new Set<string>()
    const get = (all: Settings, name: string) => {
      names.add(name)
      return all[name as keyof Settings]
    }
    work(new Proxy(readSettings(keys), { get: (all, name) => get(all, String(name)) }))
    return [...names]
  }
  const signing = read((given) => issuers.forEach((issuer) => signingKeys(given, issuer)))
  const believing = read((given) => domains.forEach((domain) => trustedIssuers(given, domain)))
  const bind = (name: string) => name.startsWith('HMAC_')
  expect(signing.filter(bind).toSorted()).toEqual(believing.filter(bind).toSorted())
  expect([...new Set([...signing, ...believing])].toSorted()).toEqual(Object.keys(keys).toSorted())
  expect(Object.keys(settings).filter(bind).toSorted()).toEqual(signing.filter(bind).toSorted())
})

it('completes keys that a person has set, and refuses half a pair', () => {
  const given = generateKeys()
  const { ROUTER_PUBLIC_KEY, ...half } = given
  expect(withFreshKeys({ ...given, HMAC_ROUTER_USERS: '' })).toMatchObject({
    ROUTER_PUBLIC_KEY,
    HMAC_ROUTER_CARTS: given['HMAC_ROUTER_CARTS'],
  })
  expect(withFreshKeys({ ...given, HMAC_ROUTER_USERS: '' })['HMAC_ROUTER_USERS']).toHaveLength(44)
  expect(() => withFreshKeys(half)).toThrow('ROUTER_PUBLIC_KEY is missing beside ROUTER_PRIVATE_KEY')
})

it.each(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])('a market logs at the level %s', (LOG_LEVEL) => {
  expect(() => openLog(readSettings({ LOG_LEVEL }).LOG_LEVEL, 'test')).not.toThrow()
})

it('reads lists', () => {
  expect(readSettings({ CORS_ORIGINS: 'https://a.example, https://b.example' }).CORS_ORIGINS).toEqual([
    'https://a.example',
    'https://b.example',
  ])
})

it.each([
  ['https://shop.example/', 'https://shop.example'],
  ['https://Shop.Example:443', 'https://shop.example'],
  ['http://localhost:3000', 'http://localhost:3000'],
  ['https://[::1]:8443/', 'https://[::1]:8443'],
  ['capacitor://localhost', 'capacitor://localhost'],
])('knows the origin %s as browsers write it: %s', (text, origin) => {
  expect(readSettings({ CORS_ORIGINS: text }).CORS_ORIGINS).toEqual([origin])
})
