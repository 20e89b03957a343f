import { readFileSync } from 'node:fs'

/** The subgraphs, in the order of their ports. */
export const subgraphNames = ['accounts', 'inventory', 'products', 'reviews'] as const

/** One of the subgraphs. */
export type SubgraphName = (typeof subgraphNames)[number]

const read = (name: string) => readFileSync(new URL(`${name}.graphql`, import.meta.url), 'utf8')

/** SDL of a subgraph: what all share, then its own. */
export const sdlOf = (name: SubgraphName): string => `${read('common')}\n${read(name)}`
