import { timingSafeEqual } from 'node:crypto'
import { explainHeader } from '@pasar/shared/http/transport'
import { serializeQueryPlan, type QueryPlan } from '@apollo/query-planner'
import type { FetchTrace, Trace } from '../subgraph/send.ts'

/** What a developer is shown beside a result. */
export interface Explanation {
  /** The plan, as Apollo's tools write it. */
  readonly plan: string
  readonly ms: number
  readonly fetches: readonly FetchTrace[]
}

/** Begins to note what an operation takes, if whoever sends it is a developer. */
export function traceFor(headers: Readonly<Record<string, string | undefined>>, token: string | undefined): Trace | undefined {
  const given = headers[explainHeader]
  return given !== undefined && token !== undefined && isSame(given, token)
    ? { startedAt: performance.now(), fetches: [] }
    : undefined
}

function isSame(given: string, token: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Ends the notes. */
export const explained = ({ startedAt, fetches }: Trace, plan: QueryPlan): Explanation => ({
  plan: serializeQueryPlan(plan),
  ms: performance.now() - startedAt,
  fetches,
})
