import { AsyncLocalStorage } from 'node:async_hooks'

const counting = new AsyncLocalStorage<{ statements: number }>()

let counted = 0

/** Counts a statement for the request that sends it, if that request is counted. */
export function countStatement(): void {
  const counter = counting.getStore()
  if (counter) counter.statements += 1
}

/** Runs work and counts the SQL statements that it sends. While nobody counts, no promise carries the counter along. */
export async function withStatementCount<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly statements: number }> {
  const counter = { statements: 0 }
  counted += 1
  try {
    const result = await counting.run(counter, work)
    return { result, statements: counter.statements }
  } finally {
    counted -= 1
    if (counted === 0) counting.disable()
  }
}
