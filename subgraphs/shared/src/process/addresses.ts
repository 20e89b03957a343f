import { openCalls, type Calls } from '../subgraph/calls.ts'
import type { Clock } from '../clock.ts'
import { domains, type Domain } from '../domains.ts'
import { hostAndPort } from '../http/host-and-port.ts'
import { openSigner, type Caller } from '../identity/signature.ts'
import { signingKeys } from '../identity/keys.ts'
import type { Settings } from './settings.ts'
import { httpTransport, type SubgraphTransport } from '../http/transport.ts'

/** Where a subgraph of a fleet answers: the address of the environment, else this machine and the subgraph's port. */
export function subgraphUrl(settings: Settings, domain: Domain): string {
  const upper = domain.toUpperCase() as Uppercase<Domain>
  return settings[`SUBGRAPH_URL_${upper}`] ?? `http://${hostAndPort(settings.HOST, settings[`PORT_${upper}`])}`
}

/** Ways over HTTP to all subgraphs of a fleet. */
export const fleetTransports = (settings: Settings): Readonly<Record<Domain, SubgraphTransport>> =>
  Object.fromEntries(domains.map((domain) => [domain, httpTransport(domain, subgraphUrl(settings, domain))])) as Record<
    Domain,
    SubgraphTransport
  >

/** How a subgraph of a fleet reaches the others: the checkout saga of orders, or users. */
export const fleetCalls = ({ settings, clock }: { readonly settings: Settings; readonly clock: Clock }, name: Caller): Calls =>
  openCalls(openSigner(signingKeys(settings, name), clock), fleetTransports(settings), name)

/** A way to a subgraph in the same process; it may be given before the subgraph is open. */
export const localTransport = (subgraph: () => Pick<SubgraphTransport, 'execute' | 'subscribe'>): SubgraphTransport => ({
  execute: (request) => subgraph().execute(request),
  subscribe: (subscription) => subgraph().subscribe(subscription),
  stop: async () => undefined,
})
