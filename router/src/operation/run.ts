import { ApolloServer } from '@apollo/server'
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled'
import { errorDetails, type Log } from '@pasar/shared/log'
import type { RequestIdentity } from '@pasar/shared/viewer'
import { print, type DocumentNode, type FormattedExecutionResult } from 'graphql'
import { finishResult } from '../finish.ts'
import type { Gateway } from '../gateway.ts'
import { routerLimits } from '../safety/limits.ts'
import type { RouterContext } from '../subgraph/data-source.ts'
import type { Admitted } from './admit.ts'

/** Documents come here admitted; what is said again here holds should something ever come by another way. */
export const openApollo = (gateway: Gateway, production: boolean, log: Log) =>
  new ApolloServer<RouterContext>({
    gateway: gateway.loaded,
    introspection: !production,
    nodeEnv: production ? 'production' : 'development',
    hideSchemaDetailsFromClientErrors: production,
    includeStacktraceInErrorResponses: false,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: 2 * routerLimits.tokensMax },
    maxRecursiveSelections: routerLimits.selectionsMax,
    plugins: [ApolloServerPluginCacheControlDisabled()],
    logger: quietLogger(log),
  })

/** Apollo Server's own messages are for whoever develops the router. */
const quietLogger = (log: Log) => {
  const say = (level: 'debug' | 'warn' | 'error') => (message?: unknown) => log[level]({}, String(message))
  return { debug: say('debug'), info: say('debug'), warn: say('warn'), error: say('error') }
}

/** What running takes. */
export interface RunOptions {
  readonly apollo: ApolloServer<RouterContext>
  readonly log: Log
}

/** Runs an admitted query or mutation. Never rejects. */
export async function run(
  { apollo, log }: RunOptions,
  admitted: Admitted,
  identity: RequestIdentity,
): Promise<FormattedExecutionResult> {
  const { guarded, query, operationName, variables } = admitted
  const request = { query: guarded.aliases.size > 0 ? printed(guarded.document) : query, variables: { ...variables } }
  log.info({ requestId: identity.requestId, operation: operationName, kind: admitted.kind }, 'operation')
  const context: RouterContext = { identity, absent: [] }
  const { requestId, locale } = identity
  const finish = { aliases: guarded.aliases, requestId, locale, log, absent: context.absent }
  try {
    const response = await apollo.executeOperation(
      { ...request, ...(operationName !== undefined && { operationName }) },
      { contextValue: context },
    )
    return finishResult(response.body.kind === 'single' ? response.body.singleResult : {}, finish)
  } catch (error) {
    log.error({ ...errorDetails(error), requestId: identity.requestId }, 'an operation failed')
    return finishResult({ errors: [{ message: 'Internal server error' }] }, finish)
  }
}

const texts = new WeakMap<DocumentNode, string>()

function printed(document: DocumentNode): string {
  const text = texts.get(document) ?? print(document)
  texts.set(document, text)
  return text
}
