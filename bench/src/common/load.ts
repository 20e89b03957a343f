/** Requests to send, in turn, over a number of connections that each wait for their answer. */
export interface LoadSpec {
  readonly port: number
  readonly path: string
  readonly bodies: readonly string[]
  readonly authorizations: readonly string[]
  readonly connections: number
  readonly seconds: number
}

/** What came of them. */
export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  /** Answers that are not 200, and connections that broke. */
  readonly errors: number
  /** Milliseconds. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** Every pairing of a body with a viewer is sent once before the first is sent again, as long as that makes a bounded number. */
export function requestsOf({
  bodies,
  authorizations,
}: Pick<LoadSpec, 'bodies' | 'authorizations'>): (readonly [number, number])[] {
  const count = Math.min(bodies.length * authorizations.length, 13_500)
  return Array.from({ length: count }, (_, index) => [index % bodies.length, index % authorizations.length])
}
