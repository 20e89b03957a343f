import { newId } from '@pasar/shared/ids'
import { guest, type Role, type Viewer } from '@pasar/shared/identity/viewer'

/** Who asks, as the table names them. */
export const roleNames = ['guest', 'buyer', 'seller', 'support', 'admin'] as const

/** One of them. */
export type RoleName = (typeof roleNames)[number]

const rolesOf: Readonly<Record<Exclude<RoleName, 'guest'>, readonly Role[]>> = {
  buyer: [],
  seller: ['seller'],
  support: ['support'],
  admin: ['admin'],
}

/** Somebody of this role who owns nothing. */
export const viewerOf = (role: RoleName): Viewer =>
  role === 'guest'
    ? guest
    : { kind: 'account', accountId: newId('account'), sessionId: newId('session'), roles: rolesOf[role], shopIds: [] }
