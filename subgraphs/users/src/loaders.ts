import type { Clock } from '@pasar/shared/clock'
import { byKey, byKeyOf, clearable, groupBy } from '@pasar/shared/subgraph/loader'
import { isStaff, type Viewer } from '@pasar/shared/identity/viewer'
import { findAccounts } from './store/accounts.ts'
import { findAddressBooks, findAddresses } from './store/addresses.ts'
import { insertAuditEntries } from './store/audit.ts'
import type { Tx } from './store/database.ts'
import { findHelpedShops, findInvitations, findMembers } from './store/shop-members.ts'
import { findShops, findShopsBySlug, findShopsOf } from './store/shops.ts'

/** What loaders need. */
export interface LoaderOptions {
  readonly db: Tx
  readonly clock: Clock
  readonly viewer: Viewer
}

/** Puts down that staff looked into something of someone else's; once per subject and request, all subjects in one statement. */
const lookedInto = ({ db, clock, viewer }: LoaderOptions, action: string) =>
  byKeyOf(
    async (subjectIds: readonly string[]) => {
      if (!isStaff(viewer)) return []
      const act = { occurredAt: clock.now(), actorId: viewer.accountId, action, reason: null, domain: 'users' }
      await insertAuditEntries(
        db,
        subjectIds.filter((id) => id !== viewer.accountId).map((subjectId) => ({ ...act, subjectId })),
      )
      return subjectIds
    },
    (subjectId) => subjectId,
  )

/** Fresh loaders for one request. When they forget the rows, what is in the audit log already stays known. */
export const openLoaders = ({ db, clock, viewer }: LoaderOptions) => ({
  ...clearable({
    accountById: byKey((ids) => findAccounts(db, ids), 'id'),
    addressById: byKey((ids) => findAddresses(db, ids), 'id'),
    addressBook: groupBy((ids) => findAddressBooks(db, ids), 'accountId'),
    shopById: byKey((ids) => findShops(db, ids), 'id'),
    shopBySlug: byKey((slugs) => findShopsBySlug(db, slugs), 'slug'),
    shopsOf: groupBy((ids) => findShopsOf(db, ids), 'ownerId'),
    helpedShopsOf: groupBy((ids) => findHelpedShops(db, ids), 'accountId'),
    membersOf: groupBy((ids) => findMembers(db, ids), 'shopId'),
    invitationsTo: groupBy((ids) => findInvitations(db, ids, clock.now()), 'shopId'),
  }),
  userRead: lookedInto({ db, clock, viewer }, 'user.read'),
  addressRead: lookedInto({ db, clock, viewer }, 'address.read'),
  membersRead: lookedInto({ db, clock, viewer }, 'shop.members.read'),
})

/** Loaders of one request. */
export type Loaders = ReturnType<typeof openLoaders>
