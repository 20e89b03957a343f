import type { Clock } from '@pasar/shared/clock'
import { domains, type Domain } from '@pasar/shared/domains'
import type { Log } from '@pasar/shared/log'
import { Unavailable } from '@pasar/shared/problems'
import type { Settings } from '@pasar/shared/process/settings'
import type { SubgraphRequest } from '@pasar/shared/http/transport'
import type { Body, Embody, Surroundings } from './body.ts'
import { beginLife, type Life } from './life.ts'
import type { Post } from './post.ts'

/** Name of a process: that of its domain, or `orders 2` for the second replica of orders. */
export type MemberName = Domain | 'orders 2'

/** The processes of a market under proof. */
export const memberNames: readonly MemberName[] = [...domains, 'orders 2']

export const domainOf = (name: MemberName): Domain => (name === 'orders 2' ? 'orders' : name)

/** A process of the market: a subgraph with its own pool, its own memory and its own death. */
export interface Member {
  readonly name: MemberName
  readonly life: Life
  readonly body: Body
  /** The name under which its connections are known to PostgreSQL. */
  readonly sessions: string
  /** Who waits for an answer of it, the last one last. */
  readonly callers: MemberName[]
  /** Says that something happens to it: it may have due work afterwards. */
  touch(): void
  /** Does its due work once; 0 at once where nothing has happened to it and no time that it heeds has passed since it had none. */
  work(wake: Wake): Promise<number>
}

/** Who looks for due work because time has passed: everybody, or only who has something due now. */
export type Wake = 'everybody' | readonly Domain[]

/** Called at every boundary of every process. */
export type Watcher = (member: Pick<Member, 'name' | 'life'>, point: string, about: string) => Promise<void>

/** What every process of the market is opened with. */
export interface MemberParts {
  /** Those of now: a process has them until it dies. */
  readonly settings: () => Settings
  readonly clock: Clock
  readonly log: Log
  readonly urlFor: (domain: Domain) => string
  readonly post: Post
  readonly embody: Embody
  readonly watch: Watcher
  /** Where others are now; undefined while a process is dead. */
  readonly find: (domain: Domain) => Member | undefined
}

let opened = 0

/** Opens one process on the market's databases. */
export async function openMember(name: MemberName, parts: MemberParts): Promise<Member> {
  const { settings, clock, log, urlFor, embody } = parts
  const domain = domainOf(name)
  const life = beginLife(name)
  const sessions = `${name} ${(opened += 1)}`
  let touched = true
  const touch = () => void (touched = true)
  let published = 0
  const publish: Post['publish'] = (from, events) => {
    published += events.length
    parts.post.publish(from, events)
  }
  const url = `${urlFor(domain)}?application_name=${encodeURIComponent(sessions)}`
  const body = await embody({ domain, url, settings: settings(), clock, log }, around({ name, life, touch, publish }, parts))
  let lookedAt = Number.NaN
  const work = async (wake: Wake) => {
    const now = clock.now().getTime()
    const isLate = lookedAt !== now && (wake === 'everybody' || wake.includes(domain))
    lookedAt = now
    if (!touched && !isLate) return 0
    touched = true
    published = 0
    const done = await life.sharing(body.work())
    // Of what it has published nothing is left to it: that is for others to hear.
    touched = done > published
    return Number(done > 0)
  }
  return { name, life, sessions, body, callers: [], touch, work }
}

/** The rest of the market as one process sees it: as long as it lives. */
const around = (
  { name, life, touch, publish }: Pick<Member, 'name' | 'life' | 'touch'> & Pick<Post, 'publish'>,
  { post, watch, find }: MemberParts,
): Surroundings => ({
  statement: () => {
    life.check()
    touch()
  },
  touch,
  reach: (point, about) => watch({ name, life }, point, about),
  call: async (domain, request) => {
    life.check()
    const asked = find(domain)
    asked?.callers.push(name)
    const result = await ask(domain, asked, request).finally(() => asked?.callers.splice(asked.callers.lastIndexOf(name), 1))
    // Who died meanwhile hears no answer.
    if (life.isOver()) return new Promise(() => undefined)
    return result
  },
  publish: async (domain, events) => {
    life.check()
    publish(domain, events)
  },
  consume: (subscription, handle) => post.consume(life, subscription, handle),
})

/** Asks a process; one that is dead, or dies over it, does not answer. */
export async function ask(domain: Domain, member: Member | undefined, request: SubgraphRequest) {
  if (!member || member.life.isOver()) throw new Unavailable(domain)
  member.touch()
  return member.life.sharing(member.body.execute(request)).catch((error: unknown) => {
    throw member.life.isOver() ? new Unavailable(domain) : error
  })
}
