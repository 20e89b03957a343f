import type { Texts } from '@pasar/shared/locale'
import { CodedError } from '@pasar/shared/problems'
import { graphqlError } from '@pasar/shared/subgraph/told'
import { visit, type DirectiveNode, type DocumentNode, type GraphQLError, type GraphQLSchema } from 'graphql'

/** Directives that ask for an answer in parts, unless a schema means something else by them. */
const incremental: ReadonlySet<string> = new Set(['defer', 'stream'])

const whole = (name: string): Texts => ({
  id: `@${name} tidak tersedia, setiap jawaban dikirim utuh: minta bagian yang lambat dalam operasi tersendiri`,
  en: `@${name} is not available, every answer comes whole: ask for the slow part in an operation of its own`,
})

/** An error for each part of a document that is to come later: the planner plans whole answers only. */
export function refuseIncremental(schema: GraphQLSchema, document: DocumentNode): GraphQLError[] {
  const found: DirectiveNode[] = []
  visit(document, {
    Directive: (node) => {
      if (incremental.has(node.name.value) && !schema.getDirective(node.name.value)) found.push(node)
    },
  })
  return found.map((nodes) => graphqlError(new CodedError('GRAPHQL_VALIDATION_FAILED', whole(nodes.name.value)), { nodes }))
}
