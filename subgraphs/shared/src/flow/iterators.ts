/** An iterator from its two functions; `stop` must end a `next` that still waits, which a generator cannot do. */
export function iteratorOf<T>(next: () => Promise<IteratorResult<T>>, stop: () => Promise<unknown>): AsyncIterableIterator<T> {
  const iterator: AsyncIterableIterator<T> = {
    next,
    return: async () => {
      await stop()
      return end
    },
    [Symbol.asyncIterator]: () => iterator,
  }
  return iterator
}

/** The result that says an iterator has ended. */
export const end = { value: undefined, done: true } as const

/** Maps each value; ending the result ends the source at once. */
export const mapValues = <T, U>(source: AsyncIterableIterator<T>, map: (value: T) => U | Promise<U>): AsyncIterableIterator<U> =>
  iteratorOf<U>(
    async () => {
      const result = await source.next()
      return result.done ? end : { value: await map(result.value), done: false }
    },
    async () => source.return?.(),
  )

/** The same values; `onFailure` hears of a source that fails, which ends by that. */
export const heeding = <T>(source: AsyncIterableIterator<T>, onFailure: (error: unknown) => void): AsyncIterableIterator<T> =>
  iteratorOf<T>(
    () =>
      source.next().catch((error: unknown) => {
        onFailure(error)
        throw error
      }),
    async () => source.return?.(),
  )

/** An iterator over values that are already there. */
export function iteratorOver<T>(values: readonly T[]): AsyncIterableIterator<T> {
  const left = [...values]
  return iteratorOf<T>(
    async () => (left.length > 0 ? { value: left.shift()!, done: false } : end),
    async () => undefined,
  )
}
