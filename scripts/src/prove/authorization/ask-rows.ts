import { randomUUID } from 'node:crypto'
import { demoAccounts } from '@pasar/router/pages/demo-accounts'
import { systemClock } from '@pasar/shared/clock'
import type { Domain } from '@pasar/shared/domains'
import { openSigner } from '@pasar/shared/identity/signature'
import { newId } from '@pasar/shared/ids'
import { signingKeys } from '@pasar/shared/identity/keys'
import { graphqlPath, type SubgraphSubscription } from '@pasar/shared/http/transport'
import type { Viewer } from '@pasar/shared/identity/viewer'
import { codesOf, postGraph, type GraphAnswer } from '../graph-answer.ts'
import type { SeededMarket } from '../seeded-market.ts'
import type { Step } from './paths.ts'
import { roleNames, viewerOf, type RoleName } from './roles.ts'
import type { ReadSupergraph } from './supergraph.ts'
import type { Row } from './table.ts'
import { selectionAlong } from './write-operation.ts'

/** Ids of things that exist, by their type. */
export type KnownIds = Readonly<Record<string, string>>

/** What came of asking: also that there was nothing to be had, whoever asks. */
export type Verdict = 'open' | 'refused' | 'absent'

/** Rows of which nobody can be shown anything: a checkout that somebody who owns nothing asks for by itself is not there. */
export const rowsWithoutAnything = ['Checkout.saga | _entities at orders | saga']

/** Asks for a row as somebody of a role. */
export type AskRow = (row: Row, role: RoleName) => Promise<Verdict>

/** Access tokens; a guest has none. */
export type Tokens = Readonly<Record<RoleName, string | undefined>>

const password = 'sebuah-rahasia-panjang'

/** Signs somebody in for each role; the seller and the admin are those of the demo market. */
export async function signInAll({ url, subgraphs }: SeededMarket): Promise<Tokens> {
  const people = await Promise.all(
    (['buyer', 'support'] as const).map(async (role) => {
      const email = `${role}@proof.example`
      await subgraphs.users.createAccount({ email, name: role, password, roles: role === 'support' ? ['support'] : [] })
      return { role, email, password }
    }),
  )
  const demo = demoAccounts.filter(({ role }) => role !== 'buyer')
  const tokens = new Map<string, string>()
  for (const { role, email, password: secret } of [...people, ...demo]) tokens.set(role, await signIn(url, email, secret))
  return Object.fromEntries(roleNames.map((role) => [role, tokens.get(role)])) as Tokens
}

/** An access token of somebody. */
export async function signIn(url: string, email: string, secret: string): Promise<string> {
  const query =
    'mutation SignIn($input: SignInInput!) { signIn(input: $input) { ... on SignInSuccess { tokens { access { token } } } } }'
  const { data } = await postGraph(url, JSON.stringify({ query, variables: { input: { email, password: secret } } }))
  const signedIn = data?.['signIn'] as { tokens: { access: { token: string } } } | undefined
  if (!signedIn?.tokens) throw new Error(`${email} could not sign in`)
  return signedIn.tokens.access.token
}

/** Asks the router: each row plainly, and with an alias in a fragment, which must not make a difference. */
export function askRouter({ url }: SeededMarket, graph: ReadSupergraph, tokens: Tokens): AskRow {
  return async ({ steps }, role) => {
    const root = rootOf(steps)
    const selection = selectionAlong(graph.api, steps)
    const kind = root.toLowerCase()
    const authorization: Record<string, string> = tokens[role] === undefined ? {} : { authorization: `Bearer ${tokens[role]}` }
    const plain = await postGraph(url, JSON.stringify({ query: `${kind} { ${selection} }` }), authorization)
    const hidden = await postGraph(
      url,
      JSON.stringify({ query: `${kind} { ...F } fragment F on ${root} { a: ${selection} }` }),
      authorization,
    )
    if (atGate(plain) !== atGate(hidden)) throw new Error(`it depends on how it is written: ${selection}`)
    return atGate(plain)
  }
}

const rootOf = ([first]: readonly Step[]) => (first && 'on' in first ? first.on : 'Query')

/** What is refused before anything runs has no `data`; a subscription that may run is sent elsewhere. */
function atGate(answer: GraphAnswer): Verdict {
  const [code] = codesOf(answer)
  if (answer.data !== undefined || code === 'BAD_REQUEST') return 'open'
  if (code === 'UNAUTHENTICATED' || code === 'FORBIDDEN') return 'refused'
  throw new Error(`not an operation: ${JSON.stringify(answer)}`)
}

/** Whoever has a role owns nothing, but has an account: one that is not there is refused as a guest is. */
async function viewersIn({ subgraphs }: SeededMarket): Promise<Readonly<Record<RoleName, Viewer>>> {
  const viewers = roleNames.map(async (role) => {
    const viewer = viewerOf(role)
    if (viewer.kind !== 'account') return [role, viewer] as const
    const account = { email: `${role}-at-subgraphs@proof.example`, name: role, password, roles: [] }
    return [role, { ...viewer, accountId: await subgraphs.users.createAccount(account) }] as const
  })
  return Object.fromEntries(await Promise.all(viewers)) as Record<RoleName, Viewer>
}

/** Asks subgraphs themselves, with a signature of the router: what the router lets through by a mistake must end there. */
export async function askSubgraphs(market: SeededMarket, graph: ReadSupergraph, ids: KnownIds): Promise<AskRow> {
  const viewers = await viewersIn(market)
  const signer = openSigner(signingKeys(market.settings, 'router'), systemClock)
  const sign = (domain: Domain, role: RoleName, body: string) =>
    signer.headers(domain, { viewer: viewers[role], locale: 'en', requestId: randomUUID() }, { path: graphqlPath, body })
  return async ({ way, steps }, role) => {
    const domain = way.split(' ').at(-1) as Domain
    if (rootOf(steps) === 'Subscription') {
      const payload = { query: `subscription { ${selectionAlong(graph.full, steps)} }` }
      return begin(market, domain, { headers: await sign(domain, role, ''), payload })
    }
    const isEntity = way.startsWith('_entities')
    const body = JSON.stringify(isEntity ? entityOperation(graph, steps, ids) : rootOperation(graph, steps))
    return atSubgraph(await postGraph(market.subgraphUrls[domain], body, await sign(domain, role, body)), isEntity)
  }
}

const rootOperation = ({ full }: ReadSupergraph, steps: readonly Step[]) => ({
  query: `${rootOf(steps).toLowerCase()} { ${selectionAlong(full, steps)} }`,
})

function entityOperation({ full }: ReadSupergraph, steps: readonly Step[], ids: KnownIds) {
  const type = rootOf(steps)
  const query = `query ($representations: [_Any!]!) {
    _entities(representations: $representations) { ... on ${type} { ${selectionAlong(full, steps)} } }
  }`
  return { query, variables: { representations: [{ __typename: type, id: ids[type] ?? newId('checkout') }] } }
}

/** What the guard of a field says, word for word; what is not the viewer's is refused in other words, or is not there. */
const guards = new Set(['UNAUTHENTICATED Sign in first', 'FORBIDDEN You may not do this'])

const isGuarded = ({ errors = [] }: Pick<GraphAnswer, 'errors'>) =>
  errors.some(({ message, extensions }) => guards.has(`${String(extensions?.['code'])} ${message}`))

function atSubgraph(answer: GraphAnswer, isEntity: boolean): Verdict {
  if (answer.data === undefined) throw new Error(`not an operation: ${JSON.stringify(answer)}`)
  if (isGuarded(answer)) return 'refused'
  const entities = answer.data?.['_entities'] as readonly unknown[] | undefined
  return isEntity && !entities?.[0] ? 'absent' : 'open'
}

/** A subscription that is refused has its refusal as its first frame, at once. */
async function begin({ subgraphs }: SeededMarket, domain: Domain, subscription: SubgraphSubscription): Promise<Verdict> {
  const frames = await subgraphs[domain].subscribe(subscription)
  const soon = new Promise<undefined>((resolve) => setImmediate(() => setImmediate(() => resolve(undefined))))
  const first = await Promise.race([frames.next(), soon])
  await frames.return?.()
  return first && !first.done && isGuarded({ errors: (first.value.errors ?? []).map((error) => error.toJSON()) })
    ? 'refused'
    : 'open'
}
