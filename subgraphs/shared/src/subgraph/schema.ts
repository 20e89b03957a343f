import { buildSubgraphSchema } from '@apollo/subgraph'
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/resolverMap.js'
import { loadSubgraphSdl } from '@pasar/schema/load'
import { isObjectType, type GraphQLSchema } from 'graphql'
import { guardFields } from './access.ts'
import { boundAnswers } from './answer-size.ts'
import type { Domain } from '../domains.ts'
import { commonMessages, messageFor, type Messages } from '../messages.ts'
import { commonResolvers } from './scalars.ts'
import type { RequestIdentity } from '../identity/viewer.ts'

/** Resolvers of one subgraph, by type and field. */
export type Resolvers = Readonly<Record<string, object>>

/** What a subgraph's schema is made of, beside its SDL. */
export interface SchemaParts {
  readonly name: Domain
  readonly resolvers: Resolvers
  readonly messages: Messages
}

const withMessages = (schema: GraphQLSchema, messages: Messages) => {
  const all = { ...commonMessages, ...messages }
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || !type.getInterfaces().some(({ name }) => name === 'Problem')) continue
    if (!all[type.name]) throw new Error(`the problem ${type.name} has no text for people`)
    type.getFields()['message']!.resolve = (source: object, _, context: RequestIdentity) =>
      messageFor(all, context.locale, { ...source, __typename: type.name })
  }
}

function buildSchema(parts: SchemaParts): GraphQLSchema {
  const resolvers = { ...parts.resolvers, ...commonResolvers } as GraphQLResolverMap<unknown>
  const schema = buildSubgraphSchema({ typeDefs: loadSubgraphSdl(parts.name), resolvers })
  withMessages(schema, parts.messages)
  boundAnswers(schema)
  guardFields(schema)
  return schema
}

const built = new WeakMap<object, GraphQLSchema>()

/**
 * The executable schema of a subgraph: SDL, resolvers, scalars, texts, bounds, access guards. It holds no state: a process that opens a
 * subgraph again and again, as proofs of crashes do, builds it once.
 */
export function schemaOf(parts: SchemaParts): GraphQLSchema {
  const schema = built.get(parts.resolvers) ?? buildSchema(parts)
  built.set(parts.resolvers, schema)
  return schema
}
