import type { Stop } from '../events/bus.ts'
import { systemClock } from '../clock.ts'
import type { Domain } from '../domains.ts'
import { listen, type HttpServer } from '../http/server.ts'
import { trustedIssuers } from '../identity/keys.ts'
import { errorDetails, openLog, type Log } from '../log.ts'
import { redisBus } from '../events/redis-bus.ts'
import { SettingProblem } from './setting-problem.ts'
import { readSettings, type Settings } from './settings.ts'
import { onShutdown } from './shutdown.ts'
import type { Platform, Subgraph } from '../subgraph/open-subgraph.ts'
import { mountSubgraph } from '../subgraph/server.ts'

/** A process of a fleet before it does anything: its settings and its log. */
export interface ProcessStart {
  readonly settings: Settings
  readonly log: Log
}

/** Runs the main function of a process: a setting that cannot be used is one sentence and exit code 1, never a stack trace. */
export function runProcess(name: string, main: (start: ProcessStart) => Promise<void>): void {
  const fail = (error: unknown) => {
    const taken = (error as { code?: unknown } | undefined)?.code === 'EADDRINUSE'
    if (error instanceof SettingProblem) process.stderr.write(`${name}: ${error.message}\n`)
    else if (taken) process.stderr.write(`${name}: the port is taken by another program (${(error as Error).message})\n`)
    else process.stderr.write(`${name}: ${JSON.stringify(errorDetails(error))}\n`)
    process.exit(1)
  }
  // A fleet's launcher that dies takes its processes along, also those that are still starting.
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  const start = async () => {
    const settings = readSettings(process.env)
    await main({ settings, log: openLog(settings.LOG_LEVEL, name) })
    // The launcher of a fleet on one machine waits for this word; elsewhere nobody listens.
    process.send?.({ ready: name })
  }
  start().catch(fail)
}

/** A setting that a fleet cannot do without. */
export function needSetting<N extends keyof Settings>(settings: Settings, name: N, why: string): NonNullable<Settings[N]> {
  const value = settings[name]
  if (value === undefined) throw new SettingProblem(`${name} is missing: ${why}`)
  return value
}

/** The bus of a fleet; refuses to start without Redis. */
export const fleetBus = (settings: Settings, log: Log) =>
  redisBus({
    url: needSetting(settings, 'REDIS_URL', 'the processes of a fleet hand events to each other through Redis 7+'),
    prefix: needSetting(settings, 'REDIS_PREFIX', 'two markets on one Redis must never share streams by accident'),
    log,
  })

/** Which subgraph of a fleet is opened, and how. */
export interface MemberOptions<S extends Subgraph> {
  readonly domain: Domain
  readonly open: (platform: Platform, databaseUrl: string) => Promise<S>
  readonly databaseUrl: string
  /** Gives the subgraph its server when it is able to answer. */
  readonly listen: () => Promise<HttpServer>
}

/** A subgraph of a fleet that answers. */
export interface Member<S extends Subgraph> {
  readonly subgraph: S
  /** What stops it and all that it was given, to be run in this order. */
  readonly stops: readonly Stop[]
}

/** Opens one subgraph of a fleet behind a server of its own; the bus must be its own, too. */
export async function openMember<S extends Subgraph>(
  platform: Omit<Platform, 'trusted'>,
  { domain, open, databaseUrl, listen }: MemberOptions<S>,
): Promise<Member<S>> {
  const subgraph = await open({ ...platform, trusted: trustedIssuers(platform.settings, domain) }, databaseUrl)
  const http = mountSubgraph(subgraph, await listen())
  return { subgraph, stops: [() => http.stop(), () => subgraph.stop(), () => platform.bus.stop()] }
}

/** Runs one subgraph as a process of a fleet, until it is told to stop. */
export const runSubgraph = (domain: Domain, open: (platform: Platform, databaseUrl: string) => Promise<Subgraph>): void =>
  runProcess(domain, async ({ settings, log }) => {
    const upper = domain.toUpperCase() as Uppercase<Domain>
    const databaseUrl = needSetting(settings, `DATABASE_URL_${upper}`, `the ${domain} subgraph keeps its data in PostgreSQL 15+`)
    const platform = { clock: systemClock, bus: await fleetBus(settings, log), log, settings, background: true }
    const at = { host: settings.HOST, port: settings[`PORT_${upper}`], log }
    const { stops } = await openMember(platform, { domain, open, databaseUrl, listen: () => listen(at) })
    onShutdown(log, ...stops)
  })
