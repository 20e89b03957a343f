import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse, type DocumentNode } from 'graphql'

const fileOf = (name: string) => new URL(`./${name}.graphql`, import.meta.url)

const read = (name: string) => readFileSync(fileOf(name), 'utf8')

/** SDL text of one subgraph: what all subgraphs share, then its own. */
export const subgraphSdlText = (name: string): string => `${read('common')}\n${read(name)}`

/** SDL of one subgraph as a document. */
export const loadSubgraphSdl = (name: string): DocumentNode => parse(subgraphSdlText(name))

/** The composed supergraph: `full` with the access directives that the router enforces, `gateway` without them, which the gateway can load. */
export const loadSupergraph = (): { readonly full: string; readonly gateway: string } => ({
  full: read('supergraph'),
  gateway: read('supergraph.gateway'),
})

/** Where both are. */
export const supergraphFiles = ['supergraph', 'supergraph.gateway'].map((name) => fileURLToPath(fileOf(name)))
