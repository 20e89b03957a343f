import { buildSubgraphSchema } from '@apollo/subgraph'
import type { GraphQLResolverMap } from '@apollo/subgraph/dist/schema-helper/resolverMap.js'
import type { Clock } from '@pasar/shared/clock'
import { openVerifier, type TrustedIssuers } from '@pasar/shared/identity/signature'
import { openLog } from '@pasar/shared/log'
import { maskErrors } from '@pasar/shared/subgraph/mask'
import { parseOperation } from '@pasar/shared/subgraph/operation'
import type { Subgraph } from '@pasar/shared/subgraph/open-subgraph'
import { subscribeTo } from '@pasar/shared/events/subscribe'
import { graphqlPath } from '@pasar/shared/http/transport'
import type { RequestIdentity } from '@pasar/shared/identity/viewer'
import { graphql, parse, type ExecutionResult } from 'graphql'
import { testMarketSdl, type TestDomain } from './test-market-sdl.ts'

/** What a test's resolvers see. */
export interface TestContext {
  readonly identity: RequestIdentity
}

/** Resolvers by type and field. */
export type TestResolvers = Readonly<Record<string, object>>

interface TestSubgraphOptions {
  readonly name: TestDomain
  readonly resolvers: TestResolvers
  readonly trusted: TrustedIssuers
  readonly clock: Clock
}

/** A subgraph without a database that checks signatures as the real ones do. */
export function openTestSubgraph({ name, resolvers, trusted, clock }: TestSubgraphOptions): Subgraph {
  const schema = buildSubgraphSchema({
    typeDefs: parse(testMarketSdl[name]),
    resolvers: resolvers as GraphQLResolverMap<unknown>,
  })
  const verify = openVerifier({ audience: name, trusted, clock })
  const log = openLog('silent', name)
  return {
    name,
    schema,
    consumes: [],
    routes: [],
    async execute({ headers, body }) {
      const identity = await verify(headers, { path: graphqlPath, body })
      const { query, variables } = parseOperation(body)
      const contextValue: TestContext = { identity }
      const { data, errors } = await graphql({ schema, source: query, variableValues: variables ?? {}, contextValue })
      const masked =
        errors &&
        maskErrors(
          errors.map((error) => error.toJSON()),
          errors,
          { log, requestId: identity.requestId, locale: identity.locale },
        )
      return JSON.parse(JSON.stringify({ data, errors: masked })) as ExecutionResult
    },
    async subscribe({ headers, payload }) {
      const identity = await verify(headers, { path: graphqlPath, body: '' })
      return subscribeTo({
        schema,
        payload,
        context: (): TestContext => ({ identity }),
        mask: { log, requestId: identity.requestId, locale: identity.locale },
      })
    },
    work: async () => 0,
    ready: async () => undefined,
    rest: async () => undefined,
    stop: async () => undefined,
  }
}
