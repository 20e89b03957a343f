import { domains, type Domain } from '../domains.ts'
import { askedBy, issuers, type Issuer } from '../identity/signature.ts'
import {
  choice,
  count,
  hmacKeys,
  list,
  optional,
  origin,
  port,
  privateKey,
  privateKeys,
  publicKeys,
  text,
  url,
  type Setting,
} from './setting-kinds.ts'
import { SettingProblem } from './setting-problem.ts'

const perDomain = <T, N extends string>(name: (domain: Domain) => N, make: (domain: Domain) => Setting<T>) =>
  Object.fromEntries(domains.map((domain) => [name(domain), make(domain)])) as Record<N, Setting<T>>

/** DATABASE_URL_ORDERS and the like. */
const upper = <D extends string>(domain: D) => domain.toUpperCase() as Uppercase<D>

const firstPort = 4001

/** Whom users asks what holds an erasure up; orders and the router ask everybody. */
const askedByUsers: readonly Domain[] = ['orders', 'payments']

const hmacNames = issuers.flatMap((issuer) => askedBy(issuer).map((domain) => `HMAC_${upper(issuer)}_${upper(domain)}` as const))

/** Every setting that any process reads. docs/settings.md is made from this. */
export const settings = {
  NODE_ENV: choice(['development', 'test', 'production'], 'development', {
    doc: '`development`, `test`, or `production`: without introspection, playground hints and simulators, and never on a demo market',
    readBy: 'all',
  }),
  HOST: text('127.0.0.1', { doc: 'address to listen on', readBy: 'all' }),
  PORT: port(4000, { doc: 'port of the router', readBy: 'router' }),
  PORT_SIMULATORS: port(4010, { doc: 'port of the simulators in a fleet (development)', readBy: 'simulators' }),
  PORT_METRICS: port(undefined, {
    doc: "port of the router's figures for Prometheus, at /metrics; they are not served when absent",
    readBy: 'router',
  }),
  PORT_SMTP: port(4025, {
    doc: 'port of the development mailbox in a fleet; `npm start` takes a free one',
    readBy: 'simulators',
  }),
  ...perDomain(
    (domain) => `PORT_${upper(domain)}` as const,
    (domain) => port(firstPort + domains.indexOf(domain), { doc: `port of the ${domain} subgraph in a fleet`, readBy: domain }),
  ),
  ...perDomain(
    (domain) => `SUBGRAPH_URL_${upper(domain)}` as const,
    (domain) =>
      url(['http:', 'https:'], {
        doc: `where the ${domain} subgraph answers; made from HOST and its port when absent`,
        readBy: askedByUsers.includes(domain) ? 'router, orders, users' : 'router, orders',
      }),
  ),
  ...perDomain(
    (domain) => `DATABASE_URL_${upper(domain)}` as const,
    (domain) =>
      url(['postgres:', 'postgresql:'], {
        doc: `PostgreSQL 15+ database of ${domain} alone; the embedded server when absent`,
        readBy: domain,
      }),
  ),
  LEDGER_OWNER_URL: url(['postgres:', 'postgresql:'], {
    doc: 'way in of the role that owns the ledger, for migrations alone; the role of `DATABASE_URL_PAYMENTS` when absent',
    readBy: 'start, migrate',
  }),
  REDIS_URL: url(['redis:', 'rediss:'], { doc: 'Redis 7+; needed by a fleet, used by all-in-one when present', readBy: 'all' }),
  REDIS_PREFIX: optional({
    doc: 'start of every Redis key and channel; needed with REDIS_URL, so that two markets never share by accident',
    readBy: 'all',
  }),
  EXPLAIN_TOKEN: optional({
    doc: 'a developer who sends it in the header `x-pasar-explain` gets plan, fetches, SQL counts and times in an extension; nobody when absent',
    readBy: 'router',
  }),
  SUPERGRAPH: optional({
    doc: 'file of the supergraph that the router serves when it stands alone',
    readBy: 'router:standalone',
  }),
  ROUTER_CACHE: choice(['on', 'off'], undefined, {
    doc: 'whether the router keeps what is public: on in a market, off in a router that stands alone, when absent',
    readBy: 'router',
  }),
  PERSISTED_OPERATIONS: choice(['off', 'log', 'safelist'], 'off', {
    doc: 'what happens to operations that are not in the manifest: nothing, a line in the log, or a refusal',
    readBy: 'router',
  }),
  PERSISTED_MANIFEST: optional({
    doc: "file of the clients' operations (Apollo's manifest of persisted operations, or texts by their ids), which are planned before anybody asks",
    readBy: 'router',
  }),
  DATA_DIR: text('.data', {
    doc: 'folder of the embedded database and of what simulators remember, relative to the checkout unless it begins with `/`',
    readBy: 'start',
  }),
  LOG_LEVEL: choice(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'warn', {
    doc: 'what is logged: `trace`, `debug`, `info`, `warn`, `error` or `fatal` and what weighs more, or `silent` for nothing',
    readBy: 'all',
  }),
  CORS_ORIGINS: list(
    {
      doc: 'origins (`https://shop.example`) whose pages may call the router, comma-separated; none when absent',
      readBy: 'router',
    },
    origin,
  ),
  TRUSTED_PROXIES: list({
    doc: 'addresses and networks (`10.0.0.0/8`) whose X-Forwarded-For is believed, comma-separated; none when absent',
    readBy: 'router',
  }),
  BUDGET_ACCOUNT: count(200_000, {
    doc: 'cost that an account may cause per minute, and as much again by what it follows; `0` for no bound',
    readBy: 'router',
  }),
  BUDGET_ADDRESS: count(1_000_000, {
    doc: 'cost that all guests of one address may cause per minute, and as much again by what they follow; `0` for no bound',
    readBy: 'router',
  }),
  BUDGET_TRIES: count(120, {
    doc: 'sign-ins and other tries of a secret from one address per minute; `0` for no bound',
    readBy: 'router',
  }),
  ...(Object.fromEntries(
    issuers.flatMap((issuer) => [
      [
        `${upper(issuer)}_PRIVATE_KEY`,
        privateKey({
          doc: `Ed25519 key with which ${issuer} signs to subgraphs (base64 PKCS #8); see \`npm run keys\``,
          readBy: issuer,
        }),
      ],
      [
        `${upper(issuer)}_PUBLIC_KEY`,
        publicKeys({
          doc: `public half of the same (base64 SPKI); of several with commas between them, each is believed`,
          readBy: 'subgraphs',
        }),
      ],
    ]),
  ) as Record<`${Uppercase<Issuer>}_${'PRIVATE' | 'PUBLIC'}_KEY`, Setting<string | undefined>>),
  ...(Object.fromEntries(
    hmacNames.map((name) => [
      name,
      hmacKeys({
        doc: 'key that binds each request of the first to the second (base64, 32 bytes); of several, the first one binds, each is believed',
        readBy: 'both',
      }),
    ]),
  ) as Record<(typeof hmacNames)[number], Setting<string | undefined>>),
  ACCESS_TOKEN_KEY: privateKeys({
    doc: 'Ed25519 key with which users signs access tokens (base64 PKCS #8); of several, the first one signs, each is believed; made and kept in the database when absent',
    readBy: 'users',
  }),
  SMTP_URL: url(['smtp:', 'smtps:'], {
    doc: 'server that mail goes through; in development the mailbox of the simulators when absent, in production needed',
    readBy: 'users',
  }),
  MAIL_FROM: text('Pasar <no-reply@pasar.example>', { doc: 'sender of mail', readBy: 'users' }),
  PAYMENT_PROVIDER: choice(['midtrans', 'xendit'], 'midtrans', {
    doc: 'which provider takes new payments first; a method that it does not offer goes to the other one, where that is set up',
    readBy: 'payments',
  }),
  PAYMENT_PROVIDER_URL: url(['http:', 'https:'], {
    doc: 'where Midtrans answers (`https://api.midtrans.com`); in development the simulator when absent, production needs this or `XENDIT_URL`',
    readBy: 'payments',
  }),
  PAYMENT_SERVER_KEY: text('SB-Mid-server-pasar-development', {
    doc: "Midtrans' server key; production does not start with the one of development",
    readBy: 'payments',
  }),
  PAYOUT_KEY: text('IRIS-pasar-development', { doc: "key of Midtrans' payout service; as above", readBy: 'payments' }),
  PAYOUT_MERCHANT_KEY: text('iris-development-merchant-key', {
    doc: "key that Midtrans' payout service signs its notifications with; as above",
    readBy: 'payments',
  }),
  XENDIT_URL: url(['http:', 'https:'], {
    doc: 'where Xendit answers (`https://api.xendit.co`); in development the simulator when absent, production needs this or `PAYMENT_PROVIDER_URL`',
    readBy: 'payments',
  }),
  XENDIT_SECRET_KEY: text('xnd_development_pasar', { doc: "Xendit's secret key; as above", readBy: 'payments' }),
  XENDIT_CALLBACK_TOKEN: text('xendit-development-token', {
    doc: 'what Xendit puts into the header `x-callback-token` of its notifications; as above',
    readBy: 'payments',
  }),
  COURIER_URL: url(['http:', 'https:'], {
    doc: 'where the courier aggregator answers; in development the simulator when absent, in production needed',
    readBy: 'logistics',
  }),
  COURIER_SECRET: text('courier-development-secret', {
    doc: "key of the courier's notification signatures; production does not start with the one of development",
    readBy: 'logistics',
  }),
} as const satisfies Record<string, Setting<unknown>>

/** Name of a setting. */
export type SettingName = keyof typeof settings

/** All settings, read. */
export type Settings = {
  readonly [N in SettingName]: (typeof settings)[N]['fallback'] extends readonly string[]
    ? readonly string[]
    : ReturnType<(typeof settings)[N]['parse']>
}

/** Reads all settings; throws SettingProblem naming the first that cannot be used, never showing its value. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const entries = Object.entries(settings).map(([name, setting]: [string, Setting<unknown>]) => [
    name,
    readSetting(name, setting, env[name]),
  ])
  return Object.fromEntries(entries) as Settings
}

/**
 * Throws SettingProblem in production for one that still is the simulators': those are in the source, and whoever knows them could sign
 * what a real provider tells.
 */
export function refuseDevelopmentKeys(given: Settings, names: readonly SettingName[]): void {
  if (given.NODE_ENV !== 'production') return
  const known = names.find((name) => given[name] === settings[name].fallback)
  if (known !== undefined)
    throw new SettingProblem(`${known} must be set in production: its development value is known to everybody`)
}

function readSetting(name: string, setting: Setting<unknown>, value: string | undefined): unknown {
  if (value === undefined || value === '') return setting.fallback
  try {
    return setting.parse(value)
  } catch (error) {
    throw new SettingProblem(`${name} ${error instanceof SettingProblem ? error.message : 'cannot be read'}`, { cause: error })
  }
}
