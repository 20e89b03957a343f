import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { CacheStats } from '../cache/entity-cache.ts'
import type { RouterResult } from '../operation/result.ts'

/** What a router says of its work, in Prometheus' text format. */
export interface Metrics {
  /** An operation has run. */
  ran(operation: Ran, result: Pick<RouterResult, 'errors'>): void
  /** An operation was refused before it ran. */
  refused(errors: readonly { readonly extensions?: unknown }[]): void
  /** A subscription has begun. */
  followed(name: string | undefined): void
  /** A subgraph has answered, or has not. */
  onFetched(subgraph: string, ms: number, failed: boolean): void
  /** Lets each reading say what a running router knows. */
  watch(router: Watched): void
  text(): Promise<string>
  readonly contentType: string
}

/** What is noted of an operation that ran. */
export interface Ran {
  readonly name: string | undefined
  readonly kind: string
  readonly ms: number
}

/** What is looked at only when somebody reads. */
export interface Watched {
  upstreams(): number
  cacheStats(): Promise<CacheStats | undefined>
}

/** Clients choose the names of operations, and every name costs memory: those after the first so many are counted as one. */
const namesMax = 500
const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

const codeOf = (error: { readonly extensions?: unknown } | undefined): string => {
  const code = (error?.extensions as { readonly code?: unknown } | undefined)?.code
  return typeof code === 'string' ? code : 'NONE'
}

/** Opens the counters of one router. */
export function openMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const about = (name: string, help: string) => ({ name: `pasar_${name}`, help, registers })
  const durations = new Histogram({
    ...about('operation_duration_seconds', 'Time from admission to result, by operation'),
    labelNames: ['operation', 'kind'] as const,
    buckets: seconds,
  })
  const failures = new Counter({
    ...about('operation_errors_total', 'Operations with errors, by the code of the first'),
    labelNames: ['operation', 'code'] as const,
  })
  const refusals = new Counter({
    ...about('operations_refused_total', 'Operations that did not run, by the code of the first error'),
    labelNames: ['code'] as const,
  })
  const begun = new Counter({ ...about('subscriptions_total', 'Subscriptions that began'), labelNames: ['operation'] as const })
  const fetches = new Histogram({
    ...about('fetch_duration_seconds', 'Time from sending to the answer, by subgraph'),
    labelNames: ['subgraph', 'failed'] as const,
    buckets: seconds,
  })
  const labelOf = openLabels()
  return {
    ran({ name, kind, ms }, { errors = [] }) {
      const operation = labelOf(name)
      durations.observe({ operation, kind }, ms / 1_000)
      if (errors.length > 0) failures.inc({ operation, code: codeOf(errors[0]) })
    },
    refused: (errors) => refusals.inc({ code: codeOf(errors[0]) }),
    followed: (name) => begun.inc({ operation: labelOf(name) }),
    onFetched: (subgraph, ms, failed) => fetches.observe({ subgraph, failed: String(failed) }, ms / 1_000),
    watch: (router) => watch(registry, router),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

function openLabels(): (name: string | undefined) => string {
  const known = new Set<string>()
  return (name) => {
    if (name === undefined) return '(unnamed)'
    if (!known.has(name) && known.size >= namesMax) return '(others)'
    known.add(name)
    return name
  }
}

function watch(registry: Registry, { upstreams, cacheStats }: Watched): void {
  const registers = [registry]
  const streams: Gauge = new Gauge({
    name: 'pasar_subgraph_streams',
    help: 'Streams of subgraphs that are open for all subscriptions',
    registers,
    collect: () => streams.set(upstreams()),
  })
  const cache: Gauge<'figure'> = new Gauge({
    name: 'pasar_cache',
    help: 'The entity cache: hits, misses and the like since the start, and what it holds',
    labelNames: ['figure'] as const,
    registers,
    async collect() {
      for (const [figure, value] of Object.entries((await cacheStats()) ?? {})) cache.set({ figure }, Number(value))
    },
  })
}
