import type { TestMarket } from './market.ts'
import type { Person, TestShop } from './people.ts'

/** An attempt that may be made again: by whom, with what, what it answers, and another body that the same key may not carry. */
export interface Attempt {
  readonly by: Person
  readonly input: Readonly<Record<string, unknown>>
  readonly returns: string
  readonly other: Readonly<Record<string, unknown>>
}

/** Who is there in every scene, besides a buyer of its own. */
export interface Cast extends TestShop {
  readonly support: Person
  readonly admin: Person
}

/** What leads to an attempt. */
export type Scene = (test: TestMarket, cast: Cast) => Promise<Attempt>
