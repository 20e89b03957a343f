import { createHash } from 'node:crypto'
import type { FetchNode } from '@apollo/query-planner'
import { Kind, print, stripIgnoredCharacters, type DocumentNode } from 'graphql'
import type { CachedReads, Execution } from '../execution/execution.ts'
import { routerLimits } from '../safety/limits.ts'
import type { Found, Walk } from './public-selection.ts'

/** What is the same for all that may be kept. */
export interface Keeping {
  readonly maxAgeMs: number
  /** What is kept for everyone may be less than owners see: they go past it. */
  readonly ownersSeeMore: boolean
  /** What all keys of one run begin with: it tells subgraph, selection, variables and language. */
  keyStart(execution: Pick<Execution, 'variables'>, locale: string): string
}

/** Whether what is kept for everyone is all that whoever asks may see. */
export const mayTake = ({ ownersSeeMore }: Pick<Keeping, 'ownersSeeMore'>, { mayOwn }: CachedReads): boolean =>
  !ownersSeeMore || !mayOwn

/** How the answers to a fetch are kept of whose selections this was found. */
export function keepingOf(found: Found, { serviceName, variableUsages = [] }: FetchNode, { document, needsTags }: Walk): Keeping {
  const start = `${hashOf(serviceName, document)} `
  return {
    // Where events tell of changes, time is there for an event that got lost; elsewhere it is all there is.
    maxAgeMs: Math.max(found.maxAge * 1000, needsTags ? routerLimits.cacheBackstopMs : 0),
    ownersSeeMore: found.ownersSeeMore,
    keyStart: ({ variables }, locale) => `${start}${locale} ${variablesText(variableUsages, variables)}`,
  }
}

/** The name of an operation is its client's, its text decides. */
function hashOf(subgraph: string, document: DocumentNode): string {
  const definitions = document.definitions.map((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? { ...definition, name: undefined } : definition,
  )
  const text = stripIgnoredCharacters(print({ ...document, definitions } as DocumentNode))
  return createHash('sha256').update(`${subgraph}\n${text}`).digest('base64url').slice(0, 22)
}

function variablesText(names: readonly string[], variables: Readonly<Record<string, unknown>>): string {
  let text = ''
  for (const name of names) text += Object.hasOwn(variables, name) ? `${JSON.stringify(variables[name])},` : ','
  return text
}
