import { buildASTSchema, parse } from 'graphql'
import type { AccessIndex } from './access/access-index.ts'
import type { PlanOptions } from './execution/compile-plan.ts'
import type { LoadedGraph } from './gateway.ts'
import { openAdmit, type Gate } from './operation/admit.ts'
import { saysCosts } from './cost/cost-rules.ts'
import { openAliasGuard } from './operation/private-aliases.ts'

/** A supergraph with everything that is remembered for it. Replacing the supergraph replaces all of it at once. */
export interface Front extends Gate {
  readonly graph: LoadedGraph
}

/** What a front is made of. */
export interface FrontOptions {
  readonly graph: LoadedGraph
  readonly access: AccessIndex
  /** Text of the supergraph that the gateway loaded. */
  readonly supergraph: string
  readonly production: boolean
  /** Whether answers to a fetch may be kept. */
  readonly policies: PlanOptions['policies']
}

/** Opens the front of a loaded supergraph. */
export function openFront({ graph: loaded, access, supergraph, production, policies }: FrontOptions): Front {
  const graph = { ...loaded, policies }
  const schema = buildASTSchema(parse(graph.plannedFrom, { noLocation: true }), { assumeValidSDL: true, assumeValid: true })
  const costs = saysCosts(supergraph) ? schema : undefined
  return { graph, ...openAdmit({ graph, access, guard: openAliasGuard(schema), costs, production }) }
}
