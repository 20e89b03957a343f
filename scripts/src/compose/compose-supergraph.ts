import { composeServices } from '@apollo/composition'
import { uncoveredRootFields } from '@pasar/router/access/access-index'
import type { DocumentNode, GraphQLError } from 'graphql'
import { StartProblem } from '../start-problem.ts'
import { stripAccess } from './strip.ts'

/** One subgraph's name and SDL. */
export interface SubgraphSdl {
  readonly name: string
  readonly sdl: DocumentNode
}

/** Both artefacts: see schema/load.ts. */
export interface ComposedSupergraph {
  readonly full: string
  readonly gateway: string
}

/** Composes subgraphs; what does not compose is one StartProblem that lists every reason. */
export function composeSupergraph(subgraphs: readonly SubgraphSdl[]): ComposedSupergraph {
  // Addresses come from the environment, and an address that nobody can own is never called by mistake.
  const services = subgraphs.map(({ name, sdl }) => ({ name, typeDefs: sdl, url: `http://${name}.invalid` }))
  const { supergraphSdl, errors } = composeServices(services)
  if (errors) throw new StartProblem(`The subgraphs do not compose:\n${errors.map(reason).join('\n')}`)
  const full = `${supergraphSdl.trimEnd()}\n`
  const uncovered = uncoveredRootFields(full)
  if (uncovered.length > 0) {
    throw new StartProblem(
      `Nobody may see these root fields; add @public, @authenticated or @requiresScopes:\n${uncovered.map((field) => `- ${field}`).join('\n')}`,
    )
  }
  return { full, gateway: stripAccess(full) }
}

function reason({ message, extensions, nodes }: GraphQLError): string {
  const code = typeof extensions['code'] === 'string' ? `${extensions['code']}: ` : ''
  const lines = [...new Set((nodes ?? []).map(({ loc }) => loc?.startToken.line).filter((line) => line !== undefined))]
  const place = lines.length > 0 ? ` (line ${lines.join(', ')} of common.graphql followed by the subgraph's own file)` : ''
  return `- ${code}${message.replaceAll('\n', '\n  ')}${place}`
}
