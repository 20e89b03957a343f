import { setImmediate as turn } from 'node:timers/promises'
import { errorDetails, type Log } from '@pasar/shared/log'
import type { Front } from '../front.ts'
import type { PersistedOperation } from './manifest.ts'

/** Plans and compiles operations before anybody asks for them; others get their turn in between. Says how many are ready. */
export async function warmUp(front: Pick<Front, 'warm'>, operations: readonly PersistedOperation[], log: Log): Promise<number> {
  let ready = 0
  for (const { id, name, body } of operations) {
    try {
      if (front.warm(body, name === '' ? undefined : name)) ready += 1
      else log.warn({ id, operation: name }, 'a persisted operation does not fit the schema')
    } catch (error) {
      log.warn({ ...errorDetails(error), id, operation: name }, 'a persisted operation cannot be planned')
    }
    await turn()
  }
  return ready
}
