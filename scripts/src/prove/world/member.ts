import type { Bus } from '@pasar/shared/bus'
import { openCalls, type Calls } from '@pasar/shared/calls'
import type { Clock } from '@pasar/shared/clock'
import { domains, type Domain } from '@pasar/shared/domains'
import { openSigner } from '@pasar/shared/identity'
import { signingKeys, trustedIssuers } from '@pasar/shared/keys'
import type { Log } from '@pasar/shared/log'
import { Unavailable } from '@pasar/shared/problems'
import type { Settings } from '@pasar/shared/settings'
import type { Subgraph } from '@pasar/shared/subgraph'
import type { SubgraphRequest, SubgraphTransport } from '@pasar/shared/transport'
import { beginLife, type Life } from './life.ts'

/** Name of a process: that of its domain, or `orders 2` for the second replica of orders. */
export type MemberName = Domain | 'orders 2'

/** The processes of a market under proof. */
export const memberNames: readonly MemberName[] = [...domains, 'orders 2']

export const domainOf = (name: MemberName): Domain => (name === 'orders 2' ? 'orders' : name)

/** A process of the market: a subgraph with its own pool, its own memory and its own death. */
export interface Member {
  readonly name: MemberName
  readonly life: Life
  readonly subgraph: Subgraph
  /** The name under which its connections are known to PostgreSQL. */
  readonly sessions: string
  /** Does its due work once; 0 at once where nothing has happened to it and no time has passed since it had none. */
  work(): Promise<number>
}

/** Called at every boundary of every process. */
export type Watcher = (member: Pick<Member, 'name' | 'life'>, point: string, about: string) => Promise<void>

/** What every process of the market is opened with. */
export interface MemberParts {
  readonly settings: Settings
  readonly clock: Clock
  readonly log: Log
  readonly urlFor: (domain: Domain) => string
  readonly busOf: (life: Life) => Bus
  readonly watch: Watcher
  /** Where others are now; undefined while a process is dead. */
  readonly find: (domain: Domain) => Member | undefined
}

let opened = 0

/** Opens one process on the market's databases. */
export async function openMember(name: MemberName, parts: MemberParts): Promise<Member> {
  const { settings, clock, log, urlFor, busOf, watch } = parts
  const domain = domainOf(name)
  const life = beginLife(name)
  const sessions = `${name} ${(opened += 1)}`
  let touched = true
  const onStatement = () => {
    touched = true
    life.check()
  }
  const point = (at: string, about: string) => watch({ name, life }, at, about)
  const common = { clock, bus: busOf(life), log, settings, trusted: trustedIssuers(settings, domain), background: false }
  // The market's code needs the database clients, which may just have been made.
  const { openersWith } = await import('../../openers.ts')
  const open = openersWith(callsOf(life, parts))[domain]
  const url = `${urlFor(domain)}?application_name=${encodeURIComponent(sessions)}`
  const subgraph = await open({ ...common, onStatement, point }, url)
  let lookedAt = Number.NaN
  const work = async () => {
    const now = clock.now().getTime()
    if (!touched && lookedAt === now) return 0
    lookedAt = now
    const done = await life.sharing(subgraph.work())
    touched = done > 0
    return done
  }
  return { name, life, sessions, subgraph, work }
}

const callsOf = (life: Life, { settings, clock, find }: MemberParts): Calls => {
  const transports = Object.fromEntries(domains.map((domain) => [domain, wayTo(domain, { life, find })]))
  return openCalls(openSigner(signingKeys(settings, 'orders'), clock), transports as Record<Domain, SubgraphTransport>, 'orders')
}

/** A way from one process to another, on which either of them may die. */
const wayTo = (domain: Domain, { life, find }: Pick<MemberParts, 'find'> & { readonly life: Life }): SubgraphTransport => ({
  execute: async (request) => {
    life.check()
    const result = await ask(domain, find(domain), request)
    // Who died meanwhile hears no answer.
    if (life.isOver()) return new Promise(() => undefined)
    return result
  },
  subscribe: () => Promise.reject(new Unavailable(domain)),
  stop: async () => undefined,
})

/** Asks a process; one that is dead, or dies over it, does not answer. */
export async function ask(domain: Domain, member: Member | undefined, request: SubgraphRequest) {
  if (!member || member.life.isOver()) throw new Unavailable(domain)
  return member.life.sharing(member.subgraph.execute(request)).catch((error: unknown) => {
    throw member.life.isOver() ? new Unavailable(domain) : error
  })
}
