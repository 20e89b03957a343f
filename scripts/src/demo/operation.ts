declare const answer: unique symbol

/** The text of an operation, together with what its root field answers. */
export type Operation<T> = string & { readonly [answer]?: T }

/** What a mutation's result union looks like when the market refuses. */
export interface Refusal {
  readonly code: string
  readonly message: string
}

/** The name by which people know an operation: `mutation SignIn(…)` is SignIn. */
export const nameOf = (operation: Operation<unknown>): string =>
  /(?:query|mutation|subscription)\s+(\w+)/.exec(operation)?.[1] ?? 'an operation'
