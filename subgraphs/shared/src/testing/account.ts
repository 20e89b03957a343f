import { newId, type Id } from '../ids.ts'
import type { AccountViewer, Role } from '../identity/viewer.ts'

/** A new account with the given roles and shops, as the router would present it. */
export const accountForTest = (roles: readonly Role[] = [], shopIds: readonly Id<'shop'>[] = []): AccountViewer => ({
  kind: 'account',
  accountId: newId('account'),
  sessionId: newId('session'),
  roles,
  shopIds,
})
