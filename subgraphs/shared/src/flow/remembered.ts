const charactersMax = 512

/**
 * The same function of a text, remembering what it made of the last ones: for headers, which come over and over. When there are more than
 * `max` it forgets them all, and a long text is never remembered, so that nobody fills the memory.
 */
export function remembered<T>(max: number, make: (text: string) => T): (text: string) => T {
  const made = new Map<string, T>()
  return (text) => {
    const known = made.get(text)
    if (known !== undefined || text.length > charactersMax) return known ?? make(text)
    const value = make(text)
    if (made.size >= max) made.clear()
    made.set(text, value)
    return value
  }
}
