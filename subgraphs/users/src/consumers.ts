import { once } from '@pasar/shared/events/inbox'
import type { Consumers } from '@pasar/shared/subgraph/open-subgraph'
import type { UsersDeps } from './context.ts'
import { insertAuditEntries } from './store/audit.ts'

/** What users does when other domains report something. */
export function openConsumers(deps: Pick<UsersDeps, 'transaction' | 'clock'>): Consumers {
  const handle = once(deps, 'users audit')
  return {
    StaffActed: (event) => {
      const domain = event.id.split(':', 1)[0]!
      return handle(event, (tx) => insertAuditEntries(tx, [{ ...event.payload, occurredAt: new Date(event.occurredAt), domain }]))
    },
  }
}
