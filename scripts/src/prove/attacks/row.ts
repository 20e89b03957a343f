import type { Attack } from './client.ts'
import type { Child } from './child.ts'
import type { Usage } from './router-process.ts'

/** What attacks find in front of them. */
export interface Arena {
  /** The router under attack, in production mode, without budgets: what bounds an attack is the rest. */
  readonly url: string
  readonly router: Child
  /** Another one with the budgets that it has by default. */
  readonly boundedUrl: string
  readonly subgraphs: Child
  readonly subgraphUrls: Readonly<Record<string, string>>
  readonly buyer: Person
  readonly seller: Person
  /** Somebody who owns nothing. */
  readonly stranger: Person
  /** Signs somebody in anew. */
  signIn(person: Pick<Person, 'email' | 'password'>): Promise<{ readonly token: string; readonly refreshToken: string }>
  /** Of `performance.now()`: when the people above signed in. */
  readonly signedInAt: number
  /** Starts one more router process. */
  startRouter(message: object): Promise<{ readonly url: string; readonly child: Child }>
  /** What the router under attack used since this was asked last. */
  usage(collect?: boolean): Promise<Usage>
  say(line: string): void
}

/** Somebody with an account. */
export interface Person {
  readonly email: string
  readonly password: string
  readonly token: string
  readonly accountId: string
}

/** How a row of the list of attacks ended. */
export interface Outcome {
  readonly id: string
  readonly what: string
  readonly result: 'held' | 'broken'
  readonly cpuMs?: number
  readonly note: string
}

/** An attack that is not one operation. */
export interface Row {
  readonly id: string
  readonly what: string
  /** Resolves with what is worth telling; throws when something does not hold. */
  run(arena: Arena): Promise<string>
}

/** An attack that is one operation, and the codes with which it may end; an empty list when it is to be answered. */
export interface OperationRow {
  readonly id: string
  readonly what: string
  readonly attack: Attack | ((arena: Arena) => Attack)
  readonly codes: readonly string[]
}

/** Throws when something does not hold. */
export function hold(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(what)
}
