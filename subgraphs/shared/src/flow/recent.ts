/** Keeps what was used last, as long as the weights of all add up to no more than a maximum. */
export interface Recent<V> {
  get(key: string): V | undefined
  set(key: string, value: V): void
}

/** What weighs more than this part of the whole is not kept: two or three would push out all that is used. */
const partMax = 1 / 16

/** A memory for values that are dear to make; by default the key's length is the weight. */
export function openRecent<V>(charactersMax: number, weigh: (key: string, value: V) => number = keyLength): Recent<V> {
  const values = new Map<string, V>()
  let characters = 0
  const forget = (key: string) => {
    const value = values.get(key)
    if (value !== undefined && values.delete(key)) characters -= weigh(key, value)
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
      if (weigh(key, value) > charactersMax * partMax) return
      values.set(key, value)
      characters += weigh(key, value)
      for (const oldest of values.keys()) {
        if (characters <= charactersMax) break
        forget(oldest)
      }
    },
  }
}

const keyLength = (key: string): number => key.length
