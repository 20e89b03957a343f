import { randomUUID } from 'node:crypto'
import { systemClock, type Clock } from '@pasar/shared/clock'
import { domains, type Domain } from '@pasar/shared/domains'
import { identityHeaders, openSigner, type Signer } from '@pasar/shared/identity/signature'
import { newId } from '@pasar/shared/ids'
import { generateKeys, signingKeys } from '@pasar/shared/identity/keys'
import { readSettings } from '@pasar/shared/process/settings'
import { graphqlPath } from '@pasar/shared/http/transport'
import type { AccountViewer, Viewer } from '@pasar/shared/identity/viewer'
import { postGraph } from '../graph-answer.ts'
import type { SeededMarket } from '../seeded-market.ts'
import { isHeard } from './knock.ts'

type Headers = Record<string, string>

/** A call before and after somebody laid hands on it; over a socket the headers are its connection parameters, and nothing is signed but them. */
interface Call {
  readonly domain: Domain
  readonly headers: Headers
  readonly body: string
}

/** A way into a subgraph. */
interface Door {
  readonly name: string
  /** What is signed at the n-th call. */
  body(index: number): string
  send(call: Call): Promise<boolean>
}

/** How many calls of a kind were made and how many were let in. */
export interface Forged {
  readonly kind: string
  readonly calls: number
  readonly accepted: number
}

const admin: AccountViewer = {
  kind: 'account',
  accountId: newId('account'),
  sessionId: newId('session'),
  roles: ['admin'],
  shopIds: [],
}

const shifted = (byMs: number): Clock => ({ now: () => new Date(systemClock.now().getTime() + byMs) })

const bodies = [
  JSON.stringify({ query: '{ __typename }' }),
  JSON.stringify({ query: '{ _service { sdl } }' }),
  JSON.stringify({ query: 'mutation { __typename }' }),
  JSON.stringify({
    query: 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
    variables: { r: [{ __typename: 'User', id: admin.accountId }] },
  }),
]

/** Signed text with one character of its payload changed: the signature does not fit any more. */
const otherPayload = (token: string) => {
  const [head = '', payload = '', signature = ''] = token.split('.')
  const read = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
  const written = Buffer.from(JSON.stringify({ ...read, viewer: admin, exp: 4_102_444_800 })).toString('base64url')
  return [head, written, signature].join('.')
}

const unsignedToken = (token: string) => {
  const head = Buffer.from(JSON.stringify({ alg: 'none', typ: 'viewer+jwt' })).toString('base64url')
  return `${head}.${otherPayload(token).split('.')[1]}.`
}

const without = (headers: Headers, name: string): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([one]) => one !== name))
const token = identityHeaders.viewer
const signature = identityHeaders.signature

const signed = (signer: Signer, { domain, body }: Pick<Call, 'domain' | 'body'>, viewer: Viewer = admin): Promise<Headers> =>
  signer.headers(domain, { viewer, locale: 'en', requestId: randomUUID() }, { path: graphqlPath, body })

/** Everything that somebody who reaches a subgraph could try, by what they have in hands. */
function forgeries(signers: Signers): Readonly<Record<string, (sign: Sign) => Promise<Call>>> {
  const { now, late, early, stranger, orders, users } = signers
  const changed = (change: (call: Call) => Call) => async (sign: Sign) => change(await sign(now))
  return {
    'without any signature': changed((call) => ({ ...call, headers: {} })),
    'without the viewer': changed((call) => ({ ...call, headers: without(call.headers, token) })),
    'without the signature of the request': changed((call) => ({ ...call, headers: without(call.headers, signature) })),
    'without a request id': changed((call) => ({ ...call, headers: without(call.headers, identityHeaders.requestId) })),
    'a viewer by plain words': changed((call) => ({ ...call, headers: { 'x-user-id': 'usr_1', 'x-roles': 'admin' } })),
    'signed an hour ago': (sign) => sign(late),
    'signed an hour from now': (sign) => sign(early),
    'signed with keys of another market': (sign) => sign(stranger),
    'meant for another subgraph': changed((call) => ({ ...call, domain: next(call.domain) })),
    'signed for another body': async (sign) => {
      const { domain, body } = await sign(now)
      return { domain, body, headers: await signed(now, { domain, body: `${body} ` }) }
    },
    'with another request id': changed((call) => ({
      ...call,
      headers: { ...call.headers, [identityHeaders.requestId]: randomUUID() },
    })),
    'with another viewer in the token': changed((call) => withToken(call, otherPayload)),
    'with a token that needs no signature': changed((call) => withToken(call, unsignedToken)),
    'with a signature cut short': changed((call) => ({
      ...call,
      headers: { ...call.headers, [signature]: call.headers[signature]!.slice(0, -1) },
    })),
    'with another time': changed((call) => ({
      ...call,
      headers: { ...call.headers, [signature]: call.headers[signature]!.replace(/t=\d+/, `t=${Date.now() + 1}`) },
    })),
    'a person of whom orders speaks': (sign) => sign(orders, admin),
    'a person of whom users speaks': (sign) => sign(users, admin),
    'orders in the name of users': (sign) => sign(orders, { kind: 'service', name: 'users' }),
    'a service that is not who signs': (sign) => sign(now, { kind: 'service', name: 'orders' }),
  }
}

const next = (domain: Domain): Domain => domains[(domains.indexOf(domain) + 1) % domains.length]!
const withToken = (call: Call, change: (token: string) => string): Call => ({
  ...call,
  headers: { ...call.headers, [token]: change(call.headers[token]!) },
})

type Sign = (signer: Signer, viewer?: Viewer) => Promise<Call>
interface Signers {
  readonly now: Signer
  readonly late: Signer
  readonly early: Signer
  readonly stranger: Signer
  readonly orders: Signer
  readonly users: Signer
}

function signersOf({ settings }: SeededMarket): Signers {
  const keys = signingKeys(settings, 'router')
  const hour = 3_600_000
  return {
    now: openSigner(keys, systemClock),
    late: openSigner(keys, shifted(-hour)),
    early: openSigner(keys, shifted(hour)),
    stranger: openSigner(signingKeys(readSettings(generateKeys()), 'router'), systemClock),
    orders: openSigner(signingKeys(settings, 'orders'), systemClock),
    users: openSigner(signingKeys(settings, 'users'), systemClock),
  }
}

const doorsOf = ({ subgraphUrls }: SeededMarket): readonly Door[] => [
  {
    name: 'by POST',
    body: (index) => bodies[Math.floor(index / domains.length) % bodies.length]!,
    send: async ({ domain, headers, body }) => (await postGraph(subgraphUrls[domain], body, headers)).status === 200,
  },
  { name: 'over a socket', body: () => '', send: ({ domain, headers }) => isHeard(subgraphUrls[domain], headers) },
]

/** Makes `count` calls of all kinds by POST, one after the other over all subgraphs, and a tenth over sockets; sends good ones a second time. */
export async function forgeCalls(market: SeededMarket, count: number): Promise<readonly Forged[]> {
  const [post, socket] = doorsOf(market)
  return [...(await forgeAt(market, post!, count)), ...(await forgeAt(market, socket!, count / 10))]
}

async function forgeAt(market: SeededMarket, door: Door, count: number): Promise<readonly Forged[]> {
  const signers = signersOf(market)
  const kinds = Object.entries(forgeries(signers))
  // Each kind at each subgraph.
  const each = Math.max(domains.length, Math.ceil(count / (kinds.length + 1)))
  const signAt =
    (index: number): Sign =>
    async (signer, viewer) => {
      // Nobody has a key to speak to themselves.
      const own = (['orders', 'users'] as const).find((name) => signers[name] === signer)
      const spokenTo = domains.filter((domain) => domain !== own)
      const domain = spokenTo[index % spokenTo.length]!
      const body = door.body(index)
      return { domain, body, headers: await signed(signer, { domain, body }, viewer) }
    }
  const forged: Forged[] = []
  for (const [kind, forge] of kinds) {
    let accepted = 0
    for (let index = 0; index < each; index += 1) if (await door.send(await forge(signAt(index)))) accepted += 1
    forged.push({ kind: `${kind}, ${door.name}`, calls: each, accepted })
  }
  let replayed = 0
  for (let index = 0; index < each; index += 1) {
    const good = await signAt(index)(signers.now)
    if (!(await door.send(good))) throw new Error(`a good call ${door.name} was refused: nothing is proven`)
    if (await door.send(good)) replayed += 1
  }
  return [...forged, { kind: `sent a second time, ${door.name}`, calls: each, accepted: replayed }]
}
