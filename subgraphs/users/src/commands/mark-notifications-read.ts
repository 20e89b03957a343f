import { NotSignedIn } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { UsersContext } from '../context.ts'
import type { MarkNotificationsReadInput } from '../generated/resolvers.ts'
import { placeOf } from '../notifications.ts'
import { findAccount } from '../store/accounts.ts'
import { markRead } from '../store/notifications.ts'

export async function markNotificationsRead({ viewer, db }: UsersContext, { upTo }: MarkNotificationsReadInput) {
  const { accountId } = requireAccount(viewer)
  const place = placeOf(upTo, 'upTo')
  if (!(await findAccount(db, accountId))) throw new NotSignedIn()
  await markRead(db, accountId, place)
  return { __typename: 'MarkNotificationsReadSuccess', accountId } as const
}
