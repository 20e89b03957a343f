/** Whether a JSON value nests deeper than `max` objects and lists; stops looking as soon as it knows. */
export function nestsDeeperThan(value: unknown, max: number): boolean {
  if (!(value instanceof Object)) return false
  return max === 0 || Object.values(value).some((inner) => nestsDeeperThan(inner, max - 1))
}
