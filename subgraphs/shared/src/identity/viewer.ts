import type { Id } from '../ids.ts'
import type { Locale } from '../locale.ts'
import { Forbidden, NotSignedIn } from '../problems.ts'

/** What an account may be beyond a buyer, which every account is. */
export type Role = 'seller' | 'support' | 'admin'

/** A signed-in account. */
export interface AccountViewer {
  readonly kind: 'account'
  readonly accountId: Id<'account'>
  readonly sessionId: Id<'session'>
  readonly roles: readonly Role[]
  /** Shops that are this account's own. */
  readonly shopIds: readonly Id<'shop'>[]
  /** Shops of others that it acts for, but for their money: none where absent. */
  readonly helpedShopIds?: readonly Id<'shop'>[] | undefined
}

/** Who asks: nobody known, an account, or another process of the market. */
export type Viewer = { readonly kind: 'guest' } | AccountViewer | { readonly kind: 'service'; readonly name: string }

/** Everything that a subgraph learns about a request from its signed headers. */
export interface RequestIdentity {
  readonly viewer: Viewer
  readonly locale: Locale
  readonly requestId: string
}

/** Nobody known. */
export const guest: Viewer = { kind: 'guest' }

/** The account that asks; throws NotSignedIn for anyone else. */
export function requireAccount(viewer: Viewer): AccountViewer {
  if (viewer.kind !== 'account') throw new NotSignedIn()
  return viewer
}

/** Whether it is this account that asks. */
export const isAccount = (viewer: Viewer, accountId: string | null): boolean =>
  viewer.kind === 'account' && viewer.accountId === accountId

/** Shops that the viewer acts for, own ones and others'. */
export const shopsActedFor = (viewer: Viewer): readonly string[] =>
  viewer.kind === 'account' ? [...viewer.shopIds, ...(viewer.helpedShopIds ?? [])] : []

/** Whether the viewer acts for a shop: its owner, and who helps there. */
export const actsFor = (viewer: Viewer, shopId: string): boolean => shopsActedFor(viewer).includes(shopId)

const notYours = { id: 'Ini bukan toko Anda', en: 'This is not your shop' }

/** The account that asks, if it acts for the shop; throws NotSignedIn or Forbidden. */
export function requireShop(viewer: Viewer, shopId: Id<'shop'>): AccountViewer {
  const account = requireAccount(viewer)
  if (!actsFor(account, shopId)) throw new Forbidden(notYours)
  return account
}

/** The account that asks, if the shop is its own; throws NotSignedIn or Forbidden. */
export function requireOwnShop(viewer: Viewer, shopId: Id<'shop'>): AccountViewer {
  const account = requireAccount(viewer)
  if (!account.shopIds.includes(shopId)) throw new Forbidden(notYours)
  return account
}

/** Whether support or admin asks. */
export const isStaff = (viewer: Viewer): viewer is AccountViewer => hasScope(viewer, 'support')

/** Nobody decides as staff about what is their own. */
export function refuseOwn(isOwn: boolean): void {
  if (isOwn)
    throw new Forbidden({
      id: 'Ini milik Anda sendiri: minta rekan dengan peran yang sama memutuskan; bila tidak ada, admin memberikan peran itu kepada orang lain',
      en: 'This is your own: ask a colleague with the same role to decide; where there is none, an admin gives the role to somebody else',
    })
}

/** Whether the viewer has one scope of `@requiresScopes`: an admin has support's too. */
export function hasScope(viewer: Viewer, scope: string): boolean {
  if (viewer.kind === 'service') return scope === 'service' || scope === `service:${viewer.name}`
  if (viewer.kind === 'guest') return false
  const roles: readonly string[] = viewer.roles
  return roles.includes(scope) || (scope === 'support' && roles.includes('admin'))
}
