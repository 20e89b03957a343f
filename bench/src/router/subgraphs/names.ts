import { readFileSync } from 'node:fs'

/** The subgraphs, in the order of their ports. */
export const subgraphNames = ['accounts', 'inventory', 'products', 'reviews'] as const

/** One of the subgraphs. */
export type SubgraphName = (typeof subgraphNames)[number]

/** SDL of a subgraph. */
export const sdlOf = (name: SubgraphName): string => readFileSync(sdlFileOf(name), 'utf8')

/** Where the SDL of a subgraph is. */
export const sdlFileOf = (name: SubgraphName): URL => new URL(`${name}.graphql`, import.meta.url)
