import type { Texts } from '@pasar/shared/locale'
import { errorDetails } from '@pasar/shared/log'
import type { Operation } from '@pasar/shared/subgraph/operation'
import { internalError } from '@pasar/shared/problems'
import { graphqlError } from '@pasar/shared/subgraph/told'
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

/** An operation that was begun. */
export interface Begun {
  /** Ends it from the client's side. A query or a mutation runs on. */
  readonly leave: Leave
  /** Of a query or a mutation: resolves when it runs no more. */
  readonly work?: Promise<void>
}

const nothingToLeave = () => undefined

const tooManySubscriptions: Texts = {
  id: 'Terlalu banyak langganan yang berjalan: akhiri yang tidak dipakai lagi',
  en: 'Too many subscriptions are running: end those that are no longer used',
}

/** Runs any operation for a follower, through the same gate as over HTTP: one frame for a query or a mutation, any number for a subscription. */
export function runOperation(running: Running, operation: Operation, follower: Follower): Begun {
  const { router, caller } = running
  try {
    const admitted = router.admit(operation, caller)
    if ('errors' in admitted) {
      follower.fail(admitted.errors)
      return { leave: nothingToLeave }
    }
    if (admitted.kind !== 'subscription') {
      const work = router.run(admitted, caller).then((result) => {
        follower.frame(resultText(result))
        follower.complete()
      })
      return { leave: nothingToLeave, work }
    }
    const release = running.connection.subscribe()
    if (!release) throw tooMany(tooManySubscriptions)
    try {
      const leave = router.subscribe(admitted, caller, follower)
      return {
        leave: () => {
          release()
          leave()
        },
      }
    } catch (error) {
      release()
      throw error
    }
  } catch (error) {
    follower.fail([error instanceof GraphQLError ? error : unexpected(running, error)])
    return { leave: nothingToLeave }
  }
}

function unexpected({ router, caller: { requestId } }: Running, error: unknown): GraphQLError {
  router.options.log.error({ ...errorDetails(error), requestId }, 'an operation failed')
  return graphqlError(internalError({ requestId }))
}
