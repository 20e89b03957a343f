import { systemClock } from './clock.ts'
import type { Domain } from './domains.ts'
import { trustedIssuers } from './keys.ts'
import { errorDetails, openLog, type Log } from './log.ts'
import { redisBus } from './redis-bus.ts'
import { readSettings, SettingProblem, type Settings } from './settings.ts'
import { onShutdown } from './shutdown.ts'
import type { Platform, Subgraph } from './subgraph.ts'
import { serveSubgraph } from './subgraph-server.ts'

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

/** Runs one subgraph as a process of a fleet, until it is told to stop. */
export const runSubgraph = (domain: Domain, open: (platform: Platform, databaseUrl: string) => Promise<Subgraph>): void =>
  runProcess(domain, async ({ settings, log }) => {
    const upper = domain.toUpperCase() as Uppercase<Domain>
    const databaseUrl = needSetting(settings, `DATABASE_URL_${upper}`, `the ${domain} subgraph keeps its data in PostgreSQL 15+`)
    const bus = await fleetBus(settings, log)
    const platform = { clock: systemClock, bus, log, settings, trusted: trustedIssuers(settings, domain), background: true }
    const subgraph = await open(platform, databaseUrl)
    const http = await serveSubgraph(subgraph, { host: settings.HOST, port: settings[`PORT_${upper}`], log })
    onShutdown(
      log,
      () => http.stop(),
      () => subgraph.stop(),
      () => bus.stop(),
    )
  })
