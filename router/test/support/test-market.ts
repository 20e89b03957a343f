import { generateKeyPairSync } from 'node:crypto'
import { composeServices } from '@apollo/composition'
import { localTransport } from '@pasar/shared/process/addresses'
import { fixedClock } from '@pasar/shared/clock'
import type { HttpServer } from '@pasar/shared/http/server'
import { openSigner } from '@pasar/shared/identity/signature'
import { generateKeys, signingKeys, trustedIssuers } from '@pasar/shared/identity/keys'
import { openLog, type Log } from '@pasar/shared/log'
import { readSettings } from '@pasar/shared/process/settings'
import type { Subgraph } from '@pasar/shared/subgraph/open-subgraph'
import type { SubgraphTransport } from '@pasar/shared/http/transport'
import { parse } from 'graphql'
import { exportJWK, SignJWT } from 'jose'
import { exceptVoid, localKeys, openAccessTokens, type VerifyAccessToken } from '../../src/identity/access-token.ts'
import type { VoidTokens } from '../../src/identity/void-tokens.ts'
import type { EndedSessions } from '../../src/live/connections.ts'
import type { Metrics } from '../../src/metrics/metrics.ts'
import { openRouter, type Router } from '../../src/router.ts'
import { serveRouter, type MountOptions } from '../../src/serve.ts'
import { openJournal } from './journal.ts'
import { openNews } from './news.ts'
import { resolversOf, type Switches } from './resolvers.ts'
import { testMarketSdl, type TestDomain } from './test-market-sdl.ts'
import { openTestSubgraph } from './test-subgraph.ts'

const names = Object.keys(testMarketSdl) as TestDomain[]

/** Both artefacts of the test market's supergraph, as `npm run compose` makes them. */
export function composeTestMarket(sdl: Readonly<Record<string, string>> = testMarketSdl) {
  const services = Object.entries(sdl).map(([name, text]) => ({ name, typeDefs: parse(text), url: `http://${name}.invalid` }))
  const { supergraphSdl: full, errors } = composeServices(services)
  if (errors) throw errors[0]!
  const gateway = full
    .replaceAll(/ *@link\([^)]*for: SECURITY\)\n/g, '')
    .replaceAll(/^(directive @|scalar )(authenticated|requiresScopes)[^\n]*\n/gm, '')
    .replaceAll(/ *@(authenticated|requiresScopes\([^)]*\))/g, '')
  return { full, gateway }
}

const composed = composeTestMarket()

/** What a test says of its market. */
export interface TestMarketOptions {
  readonly supergraph?: ReturnType<typeof composeTestMarket>
  readonly env?: Readonly<Record<string, string>>
  readonly mount?: Partial<MountOptions>
  readonly log?: Log
  readonly verifyAccessToken?: VerifyAccessToken
  readonly endedSessions?: EndedSessions
  readonly voidTokens?: VoidTokens
  readonly metrics?: Metrics
  /** Replaces the way to each subgraph. */
  readonly transport?: (subgraph: Subgraph) => SubgraphTransport | Promise<SubgraphTransport>
}

/** A claim set of an access token, or what is wrong with it. */
export interface TestToken {
  readonly roles?: readonly string[]
  readonly rights?: number
  readonly issuer?: string
  readonly audience?: string
  readonly expiresInSeconds?: number
  readonly key?: ReturnType<typeof generateKeyPairSync>['privateKey']
}

/** Three subgraphs and a router that listens on a free port. */
export async function startTestMarket(options: TestMarketOptions = {}) {
  const settings = readSettings({ ...generateKeys(), LOG_LEVEL: 'silent', ...options.env })
  const clock = fixedClock()
  const log = options.log ?? openLog('silent', 'router')
  const news = openNews()
  const switches: Switches = { productsFail: false }
  const journal = openJournal()
  const resolvers = resolversOf(news, journal, switches)
  const fetches: { domain: string; query: string }[] = []
  const subgraphs = names.map((name) =>
    openTestSubgraph({ name, resolvers: resolvers[name], trusted: trustedIssuers(settings, name), clock }),
  )
  const bodies: string[] = []
  const transportOf = options.transport ?? ((subgraph) => localTransport(() => subgraph))
  const transports = Object.fromEntries(
    await Promise.all(subgraphs.map(async (subgraph) => [subgraph.name, noting(bodies, await transportOf(subgraph))] as const)),
  )
  const accounts = await accountKeys(clock.now())
  const verify = options.verifyAccessToken ?? openAccessTokens(localKeys(accounts.jwks), clock)
  const { voidTokens } = options
  const router = await openRouter({
    supergraph: options.supergraph ?? composed,
    metrics: options.metrics,
    transports,
    signer: openSigner(signingKeys(settings, 'router'), clock),
    verifyAccessToken: voidTokens ? exceptVoid(verify, voidTokens) : verify,
    voidTokens,
    ...(options.endedSessions && { endedSessions: options.endedSessions }),
    clock,
    log,
    settings,
    explain: { onFetch: (domain, query) => void fetches.push({ domain, query }) },
  })
  const mount = { routes: [], ready: async () => undefined, ...options.mount }
  const http = await serveRouter(router, { host: '127.0.0.1', port: 0, log, ...mount })
  return {
    router,
    http,
    clock,
    news,
    journal,
    switches,
    fetches,
    bodies,
    subgraphs,
    transports,
    token: accounts.token,
    ...client(http, router),
  }
}

/** Keeps what is sent to a subgraph. */
const noting = (bodies: string[], transport: SubgraphTransport): SubgraphTransport => ({
  ...transport,
  execute: (request) => {
    bodies.push(request.body)
    return transport.execute(request)
  },
})

/** See startTestMarket. */
export type TestMarket = Awaited<ReturnType<typeof startTestMarket>>

async function accountKeys(now: Date) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'first', alg: 'EdDSA' }
  const seconds = Math.floor(now.getTime() / 1000)
  const token = ({
    roles = [],
    rights,
    issuer = 'pasar-users',
    audience = 'pasar',
    expiresInSeconds = 600,
    key = privateKey,
  }: TestToken = {}) =>
    new SignJWT({ sid: 'ses_1', roles, shops: [], ...(rights !== undefined && { rights }) })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'first' })
      .setSubject('usr_budi')
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(seconds - 60)
      .setExpirationTime(seconds + expiresInSeconds)
      .sign(key)
  return { token, jwks: async () => ({ keys: [jwk] }) }
}

/** An operation's answer over HTTP. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly data?: Record<string, unknown> | null
  readonly extensions?: Record<string, unknown>
  readonly errors?: readonly { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[]
}

/** How an operation is sent. */
export interface Sending {
  readonly variables?: Record<string, unknown>
  readonly token?: string
  readonly headers?: Record<string, string>
  readonly operationName?: string
}

function client(http: HttpServer, router: Router) {
  const url = `http://127.0.0.1:${http.port}`
  const postText = async (
    body: string,
    { token, headers }: Omit<Sending, 'variables' | 'operationName'> = {},
  ): Promise<Answer> => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...authorization, ...headers },
      body,
    })
    return { status: response.status, headers: response.headers, ...((await response.json()) as object) }
  }
  const post = (query: string, { variables, operationName, ...sending }: Sending = {}): Promise<Answer> =>
    postText(JSON.stringify({ query, variables, operationName }), sending)
  const stop = async () => {
    await http.stop()
    await router.stop()
  }
  return { url, post, postText, stop }
}
