/** Requests to send, in turn, over a number of connections that each wait for their answer. */
export interface LoadSpec {
  readonly port: number
  readonly path: string
  readonly bodies: readonly string[]
  /** Indexes of the bodies in the order in which they are sent; where there is none they are taken in turn. */
  readonly sequence?: readonly number[] | undefined
  readonly authorizations: readonly string[]
  /** Further headers of every request. */
  readonly headers?: Readonly<Record<string, string>> | undefined
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

/** So many requests, or so many seconds where that takes too long, make V8 compile what matters. */
const warm = { requests: 2_000, secondsMax: 12, secondsAtATime: 2 }

/** Lets requests come for a while, without counting. */
export async function warmUpBy(
  send: (seconds: number) => Promise<{ readonly requests: number }>,
  secondsMax = warm.secondsMax,
): Promise<void> {
  let requests = 0
  for (let seconds = 0; seconds < secondsMax && requests < warm.requests; seconds += warm.secondsAtATime)
    requests += (await send(warm.secondsAtATime)).requests
}

/** Every pairing of a body with a viewer is sent once before the first is sent again, as long as that makes a bounded number. */
export function requestsOf({
  bodies,
  sequence = bodies.map((_, index) => index),
  authorizations,
}: Pick<LoadSpec, 'bodies' | 'sequence' | 'authorizations'>): (readonly [number, number])[] {
  const count = Math.min(sequence.length * authorizations.length, 13_500)
  return Array.from({ length: count }, (_, index) => [sequence[index % sequence.length]!, index % authorizations.length])
}
