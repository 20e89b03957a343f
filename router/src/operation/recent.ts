/** Keeps what was used last, as long as the weights of all add up to no more than a maximum. */
export interface Recent<V> {
  get(key: string): V | undefined
  set(key: string, value: V): void
}

/** A memory for values that are dear to make; the key's length is the weight. */
export function openRecent<V>(charactersMax: number): Recent<V> {
  const values = new Map<string, V>()
  let characters = 0
  const forget = (key: string) => {
    if (values.delete(key)) characters -= key.length
  }
  return {
    get(key) {
      const value = values.get(key)
      if (value !== undefined) {
        values.delete(key)
        values.set(key, value)
      }
      return value
    },
    set(key, value) {
      forget(key)
      values.set(key, value)
      characters += key.length
      for (const oldest of values.keys()) {
        if (characters <= charactersMax) break
        forget(oldest)
      }
    },
  }
}
