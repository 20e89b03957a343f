/** What others see of a name: the first word, and the initial of the last. */
export function displayNameOf(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  const last = words.length > 1 ? words.at(-1) : undefined
  return last === undefined ? (words[0] ?? '') : `${words[0]} ${Array.from(last)[0]!.toUpperCase()}.`
}
