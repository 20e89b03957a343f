/** Counts what has occurred. */
export function openTally() {
  const counts: Record<string, number> = {}
  return {
    counts,
    add: (what: string, times = 1) => {
      counts[what] = (counts[what] ?? 0) + times
    },
  }
}

/** See openTally. */
export type Tally = ReturnType<typeof openTally>
