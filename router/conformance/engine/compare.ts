import { isDeepStrictEqual } from 'node:util'
import type { ExecutionResult } from 'graphql'
import type { Case } from './fixture.ts'
import type { Fetched } from './subgraph-server.ts'

/** A result as JSON carries it. */
export interface Answer {
  readonly data?: unknown
  readonly errors?: readonly { readonly message: string; readonly path?: Path }[]
}

type Path = readonly (string | number)[]

/** Everything there is to compare of one case. */
export interface Compared {
  readonly asked: Case
  readonly expected: Answer
  readonly actual: Answer
  readonly fetched: readonly Fetched[]
}

/** A result with the prototypes and order that JSON gives it. */
export const asJson = (result: ExecutionResult): Answer => JSON.parse(JSON.stringify(result)) as Answer

/** What is wrong with an answer, in sentences; nothing when all is well. */
export function differences({ asked, expected, actual, fetched }: Compared): string[] {
  return [...wrongAnswer(asked, expected, actual), ...wrongWork(asked, fetched)]
}

function wrongAnswer({ except }: Case, expected: Answer, actual: Answer): string[] {
  const data = except && 'data' in except ? except.data : expected.data
  const paths = pathsOf(except?.errors ?? (expected.errors ?? []).map(({ path }) => path ?? null))
  const found = pathsOf((actual.errors ?? []).map(({ path }) => path ?? null))
  const wrong: string[] = []
  if (!isDeepStrictEqual(actual.data ?? null, data ?? null)) wrong.push(`data is ${text(actual.data)}, not ${text(data)}`)
  if ((paths.length === 0) !== (found.length === 0)) wrong.push(`errors are ${text(actual.errors)}, not at ${text(paths)}`)
  // An error without a path, such as a refusal, says nothing of where it belongs.
  else if (![...paths, ...found].includes('null') && !isDeepStrictEqual(paths, found))
    wrong.push(`errors are at ${text(found)}, not at ${text(paths)}`)
  return wrong
}

const pathsOf = (paths: readonly (Path | null)[]) => [...new Set(paths.map((path) => JSON.stringify(path)))].toSorted()

function wrongWork({ fetches, entities = {} }: Case, fetched: readonly Fetched[]): string[] {
  const wrong: string[] = []
  if (fetches !== undefined && fetched.length !== fetches) wrong.push(`${fetched.length} fetches, not ${fetches}`)
  for (const [subgraph, count] of Object.entries(entities)) {
    const asked = fetched
      .filter((fetch) => fetch.subgraph === subgraph)
      .reduce((sum, { variables }) => sum + lengthOf(variables['representations']), 0)
    if (asked !== count) wrong.push(`${subgraph} was asked for ${asked} entities, not ${count}`)
  }
  return wrong
}

const lengthOf = (value: unknown) => (Array.isArray(value) ? value.length : 0)

const text = (value: unknown) => JSON.stringify(value)
