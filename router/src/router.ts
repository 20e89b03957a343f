import type { Locale } from '@pasar/shared/locale'
import type { Operation } from '@pasar/shared/operation'
import { CodedError } from '@pasar/shared/problems'
import { graphqlError, toldError } from '@pasar/shared/told'
import { graphqlPath } from '@pasar/shared/transport'
import type { RequestIdentity } from '@pasar/shared/viewer'
import { buildASTSchema, parse, type FormattedExecutionResult, type GraphQLSchema } from 'graphql'
import { openAccessIndex } from './access/access-index.ts'
import { openGateway } from './gateway.ts'
import { openSubscribe, type Subscribe } from './live/subscribe.ts'
import { openAdmit, type Admitted, type Refused } from './operation/admit.ts'
import { openAliasGuard } from './operation/private-aliases.ts'
import { openApollo, run } from './operation/run.ts'
import type { RouterOptions } from './router-options.ts'
import { openDataSource } from './subgraph/data-source.ts'

/** The supergraph's front door, without the sockets it is reached through. */
export interface Router {
  readonly options: RouterOptions
  /** The schema that clients see. */
  readonly schema: GraphQLSchema
  /** Holds an operation against limits, schema and access rules. */
  admit(operation: Operation, identity: RequestIdentity): Admitted | Refused
  /** Runs an admitted query or mutation. Never rejects. */
  run(admitted: Admitted, identity: RequestIdentity): Promise<FormattedExecutionResult>
  /** Admits and runs. Without `data`, the operation was refused before it ran. */
  execute(operation: Operation, identity: RequestIdentity): Promise<FormattedExecutionResult>
  readonly subscribe: Subscribe
  stop(): Promise<void>
}

/** Opens the router. Rejects when the supergraph cannot be loaded, misses an access rule, or names a subgraph without a transport. */
export async function openRouter(options: RouterOptions): Promise<Router> {
  const { supergraph, transports, signer, log, settings, explain } = options
  const production = settings.NODE_ENV === 'production'
  const access = openAccessIndex(supergraph.full)
  const buildSource = (name: string) => {
    const transport = transports[name]
    if (!transport) throw new Error(`The router knows no way to the subgraph ${name}`)
    return openDataSource({ name, transport, signer, log, explain })
  }
  const gateway = await openGateway({ supergraph: supergraph.gateway, log, buildSource })
  const guard = openAliasGuard(buildASTSchema(parse(supergraph.gateway), { assumeValidSDL: true, assumeValid: true }))
  const apollo = openApollo(gateway, production, log)
  await apollo.start()
  const admit = openAdmit({ schema: gateway.schema, access, guard, production })
  const router: Router = {
    options,
    schema: gateway.schema,
    admit: (operation, identity) => admit(operation, identity.viewer),
    run: (admitted, identity) => run({ apollo, log }, admitted, identity),
    async execute(operation, identity) {
      const admitted = router.admit(operation, identity)
      if ('errors' in admitted) return refusal(admitted, identity.locale)
      if (admitted.kind === 'subscription') return refusal({ errors: [graphqlError(notOverHttp)] }, identity.locale)
      return router.run(admitted, identity)
    },
    subscribe: openSubscribe(options, gateway),
    stop: () => apollo.stop(),
  }
  return router
}

/** Errors of an operation that did not run. */
const refusal = ({ errors }: Refused, locale: Locale): FormattedExecutionResult => ({
  errors: errors.map((error) => toldError(error, locale)),
})

const notOverHttp = new CodedError('BAD_REQUEST', {
  id: `Langganan lewat WebSocket ke ${graphqlPath} dengan protokol graphql-transport-ws`,
  en: `Subscriptions go over a WebSocket to ${graphqlPath} with the protocol graphql-transport-ws`,
})
