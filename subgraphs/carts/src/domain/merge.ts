import { newId } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'
import type { Line } from './cart.ts'

interface Group {
  readonly id: string
  readonly shopId: string
  readonly courierServiceId: string | null
}

interface Filled {
  readonly lines: readonly Line[]
  readonly groups: readonly Group[]
}

/** What becomes of a guest's cart and of the account's when one goes into the other. */
export interface MergePlan {
  /** Groups of the account's cart that lines go into, or that the guest has chosen a courier for. */
  readonly groups: readonly Group[]
  /** Lines of the guest that the account's cart has not: each with its new id and its new group. */
  readonly moved: readonly { readonly id: string; readonly groupId: string; readonly lineId: string }[]
  /** Lines of the account with what they have from now on. */
  readonly added: readonly { readonly id: string; readonly quantity: number; readonly selected: boolean }[]
  /** The guest's lines that found their place, and groups that are left without any. */
  readonly taken: readonly string[]
  readonly emptied: readonly string[]
  /** Variants that did not fit: the ended guest cart still has them. */
  readonly leftOut: readonly string[]
}

/** Quantities add up as far as a cart holds them, to be bought where either is; what is new comes as long as there is room. */
export function planMerge(own: Filled, guest: Filled): MergePlan {
  const there = new Map(own.lines.map((line) => [line.variantId, line]))
  const room = limits.cartLinesMax - own.lines.length
  const moving = guest.lines.filter(({ variantId }) => !there.has(variantId)).slice(0, Math.max(room, 0))
  const adding = guest.lines.filter(({ variantId }) => there.has(variantId))
  const taken = new Set([...moving, ...adding].map(({ id }) => id))
  const kept = guest.lines.filter(({ id }) => !taken.has(id))
  const groups = groupsFor(own, guest, new Set(moving.map(({ groupId }) => groupId)))
  const groupIdOf = new Map(groups.map(({ from, id }) => [from, id]))
  return {
    groups,
    moved: moving.map(({ id, groupId }) => ({ id: newId('cartLine'), groupId: groupIdOf.get(groupId)!, lineId: id })),
    added: adding.map((line) => sumOf(there.get(line.variantId)!, line)),
    taken: [...taken],
    emptied: guest.groups.map(({ id }) => id).filter((id) => !kept.some(({ groupId }) => groupId === id)),
    leftOut: kept.map(({ variantId }) => variantId),
  }
}

const sumOf = ({ id, quantity, selected }: Line, more: Line) => ({
  id,
  quantity: Math.min(quantity + more.quantity, limits.cartQuantityMax),
  selected: selected || more.selected,
})

/** The courier that the guest chose stays chosen where the account had not chosen one. */
function groupsFor(own: Filled, guest: Filled, moving: ReadonlySet<string>) {
  const present = new Map(own.groups.map(({ shopId, id }) => [shopId, id]))
  return guest.groups
    .filter(({ id, shopId }) => present.has(shopId) || moving.has(id))
    .map(({ id, shopId, courierServiceId }) => ({
      id: present.get(shopId) ?? newId('cartGroup'),
      shopId,
      courierServiceId,
      from: id,
    }))
}
