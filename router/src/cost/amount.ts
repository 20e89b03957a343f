/** The variables of a request, with their defaults. */
export type Variables = Readonly<Record<string, unknown>>

/** Something that is known, or known as soon as the variables are: so a request reckons only with what it can change. */
export type Amount = number | ((variables: Variables) => number)

/** An amount in one request. */
export const amountIn = (amount: Amount, variables: Variables): number =>
  typeof amount === 'number' ? amount : amount(variables)

/** All of them together. */
export function sum(amounts: readonly Amount[]): Amount {
  let known = 0
  const open: ((variables: Variables) => number)[] = []
  for (const amount of amounts) {
    if (typeof amount === 'number') known += amount
    else open.push(amount)
  }
  if (open.length === 0) return known
  return (variables) => {
    let total = known
    for (const amount of open) total += amount(variables)
    return total
  }
}

/** So many of each. */
export function times(count: Amount, each: Amount): Amount {
  if (count === 0 || each === 0) return 0
  if (typeof count === 'number' && typeof each === 'number') return count * each
  return (variables) => amountIn(count, variables) * amountIn(each, variables)
}
