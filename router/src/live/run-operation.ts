import type { Texts } from '@pasar/shared/locale'
import { errorDetails } from '@pasar/shared/log'
import type { Operation } from '@pasar/shared/operation'
import { internalError } from '@pasar/shared/problems'
import { graphqlError } from '@pasar/shared/told'
import { GraphQLError } from 'graphql'
import { resultText } from '../operation/result.ts'
import type { Router } from '../router.ts'
import type { Caller } from '../subgraph/send.ts'
import type { Connection } from './connections.ts'
import { tooMany } from './endings.ts'
import type { Follower, Leave } from './follower.ts'

/** Who runs an operation over a connection that stays open. */
export interface Running {
  readonly router: Router
  readonly connection: Connection
  readonly caller: Caller
}

const tooManySubscriptions: Texts = {
  id: 'Terlalu banyak langganan yang berjalan: akhiri yang tidak dipakai lagi',
  en: 'Too many subscriptions are running: end those that are no longer used',
}

/** Runs any operation for a follower, through the same gate as over HTTP: one frame for a query or a mutation, any number for a subscription. */
export function runOperation(running: Running, operation: Operation, follower: Follower): Leave {
  const { router, caller } = running
  try {
    const admitted = router.admit(operation, caller)
    if ('errors' in admitted) {
      follower.fail(admitted.errors)
      return () => undefined
    }
    if (admitted.kind !== 'subscription') {
      void router.run(admitted, caller).then((result) => {
        follower.frame(resultText(result))
        follower.complete()
      })
      return () => undefined
    }
    const release = running.connection.subscribe()
    if (!release) throw tooMany(tooManySubscriptions)
    try {
      const leave = router.subscribe(admitted, caller, follower)
      return () => {
        release()
        leave()
      }
    } catch (error) {
      release()
      throw error
    }
  } catch (error) {
    follower.fail([error instanceof GraphQLError ? error : unexpected(running, error)])
    return () => undefined
  }
}

function unexpected({ router, caller: { requestId } }: Running, error: unknown): GraphQLError {
  router.options.log.error({ ...errorDetails(error), requestId }, 'an operation failed')
  return graphqlError(internalError({ requestId }))
}
