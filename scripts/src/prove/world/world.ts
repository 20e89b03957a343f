import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Stop } from '@pasar/shared/events/bus'
import { fixedClock, type FixedClock } from '@pasar/shared/clock'
import { domains, type Domain } from '@pasar/shared/domains'
import { json, serve, type HttpRequest, type Route } from '@pasar/shared/http/server'
import { openSigner } from '@pasar/shared/identity/signature'
import { newId } from '@pasar/shared/ids'
import { generateKeys, signingKeys } from '@pasar/shared/identity/keys'
import { openLog } from '@pasar/shared/log'
import { openPostgres, type Postgres } from '@pasar/shared/postgres/pool'
import { readSettings, type Settings } from '@pasar/shared/process/settings'
import { graphqlPath } from '@pasar/shared/http/transport'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { openSimulators, withSimulators } from '../../simulators/simulators.ts'
import { invariantsOver, type Invariants } from '../invariants/check.ts'
import type { Outside } from '../invariants/outside.ts'
import { embodyHere, type Embody } from './body.ts'
import { openCast, type Cast } from './cast.ts'
import { ask, type Member, type MemberName, type Wake, type Watcher } from './member.ts'
import { openPost } from './post.ts'

/** What a market under proof stands on. */
export interface WorldOptions {
  readonly urlFor: (domain: Domain) => string
  readonly adminUrl: string
  /** Ends PostgreSQL at once and starts it again; absent where others use the same server. */
  readonly crashDatabase?: () => Promise<void>
  /** Where its processes live: here, where only their memory is their own, unless told otherwise. */
  readonly embody?: Embody
}

/** The courier's office. */
export interface Courier {
  isAway: boolean
}

/** The banks that money is sent to. */
export interface Banks {
  /** Whether they send back what they are asked to take. */
  areShut: boolean
  /** Whether nothing gets to them and no answer back: each provider that is asked to send money fails without a word. */
  areUnheard: boolean
}

/** Who takes the money of whatever both providers offer. */
export type FirstProvider = Settings['PAYMENT_PROVIDER']

/** An operation for one subgraph. */
export interface Operation {
  readonly query: string
  readonly variables?: Record<string, unknown>
  readonly as: AccountViewer
}

/** Who is watched for, at every boundary; set for one run. */
export interface Watched {
  watch: Watcher
}

/** A whole market in this process whose parts die and come back one by one. Time moves when it is told to. */
export interface World extends Watched {
  readonly clock: FixedClock
  readonly databases: Readonly<Record<Domain, Postgres>>
  readonly invariants: Invariants
  /** The same over other ways into its databases. */
  invariantsOver(databases: World['databases']): Invariants
  readonly simulatorsUrl: string
  /** While it is away it books nothing. */
  readonly courier: Courier
  readonly banks: Banks
  /** Has payments ask this provider first from now on: where it asked the other one, its process is started again. */
  prefer(provider: FirstProvider): Promise<void>
  /** When the world outside has something to tell again that nobody took. */
  nextToldAt(): Date | undefined
  /** Ends PostgreSQL at once and starts it again; does nothing where others use the same server. */
  crashDatabase(): Promise<void>
  member(name: MemberName): Member | undefined
  /** Ends processes: their memory is gone, and PostgreSQL rolls back what they were at. */
  kill(names: readonly MemberName[]): Promise<void>
  /** Whether nobody is dead. */
  isWhole(): boolean
  /** Starts whoever is dead. */
  revive(): Promise<void>
  /** Sends an operation to the first replica of a domain that lives. */
  send<T>(domain: Domain, operation: Operation): Promise<T>
  /** Does what is due until there is nothing left; where little time has passed, only who is woken looks for it. */
  settle(wake?: Wake): Promise<void>
  stop: Stop
}

/** Far from the machine's time and from PostgreSQL's: who takes one clock for the other is found out at once. */
const farAhead = new Date('2036-03-01T00:00:00Z')

/** Opens a market on databases that are migrated and empty. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const clock = fixedClock(farAhead)
  const dataDir = mkdtempSync(join(tmpdir(), 'pasar-world-'))
  const watched: Watched = { watch: async () => undefined }
  const base = readSettings({ ...generateKeys(), LOG_LEVEL: process.env['PROOF_LOG'] ?? 'silent' })
  let cast: Cast | undefined
  const find = (domain: Domain) => cast?.find(domain)
  const outside = await openOutside({ clock, dataDir, settings: base, find })
  const post = openPost()
  const { settings } = outside
  const { embody = embodyHere } = options
  const log = openLog(base.LOG_LEVEL, 'world')
  const watch: Watcher = (member, point, about) => watched.watch(member, point, about)
  const settingsOf = { midtrans: settings, xendit: { ...settings, PAYMENT_PROVIDER: 'xendit' } } as const
  let first: FirstProvider = 'midtrans'
  const parts = { clock, log, urlFor: options.urlFor, post, embody, watch, find }
  const here = await openCast({ ...parts, settings: () => settingsOf[first] }, options)
  cast = here
  const tick = (wake: Wake) => here.tick(wake, async () => (await post.deliver()) + (await outside.simulators.run()))
  const pools = domains.map((domain) => [domain, openPostgres({ url: options.urlFor(domain), connectionsMax: 1 })] as const)
  const databases = Object.fromEntries(pools) as Record<Domain, Postgres>
  const { paidBack, paidOut, booked } = outside.simulators
  const known: Outside = { clock, paidBack, paidOut, booked, undelivered: () => post.undelivered() }
  const { member, kill, crashDatabase, isWhole, revive } = here
  return Object.assign(watched, {
    clock,
    databases,
    invariants: invariantsOver(databases, known),
    invariantsOver: (others: World['databases']) => invariantsOver(others, known),
    simulatorsUrl: outside.url,
    courier: outside.courier,
    banks: outside.banks,
    prefer: async (provider: FirstProvider) => {
      if (first === provider) return
      first = provider
      await kill(['payments'])
      await revive()
    },
    nextToldAt: () => {
      const at = outside.simulators.nextAt()
      return at === undefined ? undefined : new Date(at)
    },
    member,
    kill,
    crashDatabase,
    isWhole,
    revive,
    send: senderOf({ settings: base, clock, find }),
    settle: async (wake: Wake = 'everybody') => {
      for (let round = 1; (await tick(wake)) > 0; round++)
        if (round === roundsMax) throw new Error('the market does not come to rest')
    },
    stop: async () => {
      await here.stop()
      await outside.stop()
      await Promise.all(Object.values(databases).map((one) => one.stop()))
      rmSync(dataDir, { recursive: true, force: true })
    },
  })
}

/** More rounds of due work without any time passing are a fault. */
const roundsMax = 300

/** Sends operations as the router does. */
const senderOf = ({ settings, clock, find }: Pick<OutsideOptions, 'settings' | 'clock' | 'find'>) => {
  const signer = openSigner(signingKeys(settings, 'router'), clock)
  return async <T>(domain: Domain, { query, variables, as }: Operation): Promise<T> => {
    const body = JSON.stringify({ query, variables })
    const identity = { viewer: as, locale: 'en', requestId: newId('movement') } as const
    const headers = await signer.headers(domain, identity, { path: graphqlPath, body })
    const { data, errors } = await ask(domain, find(domain), { headers, body })
    if (errors?.length || !data) throw new Error(JSON.stringify(errors))
    return data as T
  }
}

interface OutsideOptions {
  readonly clock: FixedClock
  readonly dataDir: string
  readonly settings: Settings
  readonly find: (domain: Domain) => Member | undefined
}

/** What is not the market's own: payment provider, courier, mail. They never die, and notify whoever lives. */
async function openOutside({ clock, dataDir, settings, find }: OutsideOptions) {
  const log = openLog('silent', 'outside')
  const handled = (domain: Domain): Route => ({
    method: 'POST',
    path: '/notifications/*',
    handle: async (request) => {
      const member = find(domain)
      if (!member) return json(503, {})
      member.touch()
      const { path, method, url, headers, body, parameters } = request
      const answered = member.life.sharing(member.body.notify({ path, method, url, headers, body, parameters }))
      return (await answered.catch(() => undefined)) ?? json(503, {})
    },
  })
  const doors = await Promise.all(
    (['payments', 'logistics'] as const).map((domain) => serve([handled(domain)], { host: '127.0.0.1', port: 0, log })),
  )
  const [payments, logistics] = doors.map(({ port }) => `http://127.0.0.1:${port}`) as [string, string]
  const simulators = await openSimulators({
    settings,
    dataDir,
    clock,
    log,
    background: false,
    smtpPort: 0,
    notify: { payments, logistics },
  })
  const courier: Courier = { isAway: false }
  const banks: Banks = { areShut: false, areUnheard: false }
  const routes = simulators.routes.map(heldBy(courier)).map(sentBackBy(banks, simulators.routes))
  const http = await serve(routes, { host: '127.0.0.1', port: 0, log })
  const url = `http://127.0.0.1:${http.port}`
  return {
    url,
    simulators,
    courier,
    banks,
    settings: withSimulators(settings, simulators, url),
    stop: async () => {
      await Promise.all([...doors, http].map((door) => door.stop()))
      await simulators.stop()
    },
  }
}

const heldBy =
  (courier: Courier) =>
  (route: Route): Route =>
    route.path.startsWith('/simulators/courier/v1/')
      ? { ...route, handle: async (request) => (courier.isAway ? json(503, {}) : route.handle(request)) }
      : route

/** Where each provider is asked to send money to a bank, and the button with which a bank does not take it. */
const payoutsAt = {
  '/simulators/midtrans/iris/api/v1/payouts': '/simulators/midtrans/payouts/:withdrawal/fail',
  '/simulators/xendit/v2/payouts': '/simulators/xendit/payouts/:withdrawal/fail',
} as const

const sentBackBy =
  (banks: Banks, routes: readonly Route[]) =>
  (route: Route): Route => {
    const button = route.method === 'POST' ? payoutsAt[route.path as keyof typeof payoutsAt] : undefined
    const refuse = routes.find(({ path }) => path === button)
    if (!refuse) return route
    return {
      ...route,
      handle: async (request) => {
        if (banks.areUnheard) return json(503, {})
        const answer = await route.handle(request)
        if (banks.areShut && answer.status === 201) await refuse.handle(pressed(request))
        return answer
      },
    }
  }

const pressed = ({ headers, ...request }: HttpRequest): HttpRequest => ({
  ...request,
  headers: {},
  body: '',
  parameters: { withdrawal: headers['x-idempotency-key'] ?? headers['idempotency-key'] ?? '' },
})
