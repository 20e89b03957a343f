import { isRefusal, problem, type Problem } from '@pasar/shared/problems'
import { originRegencyCode, seenUnitPrice, wordFor, type FoundOrigin, type Line } from './cart.ts'
import { sum, times } from '@pasar/shared/money'

/** The frozen content of a cart, as it is kept: amounts are whole rupiah as JSON integers. */
export interface Frozen {
  readonly cartId: string
  readonly addressId: string
  readonly lines: readonly {
    readonly lineId: string
    readonly variantId: string
    readonly shopId: string
    readonly quantity: number
    readonly unitPrice: number
  }[]
  readonly groups: readonly {
    readonly shopId: string
    readonly courierServiceId: string
    /** Where the cart says that the parcel leaves from; absent in what was frozen before carts kept it. */
    readonly originRegencyCode?: string | null
  }[]
  readonly itemsTotal: number
}

/** A cart as a checkout finds it. */
export interface CartToFreeze {
  readonly cartId: string
  readonly addressId: string | null
  readonly lines: readonly Line[]
  readonly groups: readonly (FoundOrigin & { readonly shopId: string; readonly courierServiceId: string | null })[]
}

export type CannotFreeze =
  Problem<'CartsEmpty', object> | Problem<'CartsIncomplete', { missing: readonly string[]; shopIds: readonly string[] }>

/**
 * Freezes all selected lines, also those that look sold out here: whether they are is for products to say, not for a copy. They carry the
 * prices that the buyer was last shown, so that who names no total does not agree to others.
 */
export function freeze({ cartId, addressId, lines, groups }: CartToFreeze): Frozen | CannotFreeze {
  const selected = lines.filter((line) => line.selected)
  if (selected.length === 0) return problem('CartsEmpty', {})
  const shops = new Set(selected.map(({ shopId }) => shopId))
  const originOf = (group: CartToFreeze['groups'][number]) =>
    originRegencyCode(
      lines.filter(({ shopId }) => shopId === group.shopId),
      group,
    )
  const chosen = groups.flatMap((group) => {
    const { shopId, courierServiceId } = group
    return shops.has(shopId) && courierServiceId !== null
      ? [{ shopId, courierServiceId, originRegencyCode: originOf(group) }]
      : []
  })
  const shopIds = [...shops].filter((shop) => !chosen.some(({ shopId }) => shopId === shop))
  const missing = [...(addressId === null ? ['ADDRESS'] : []), ...(shopIds.length > 0 ? ['COURIER'] : [])]
  if (addressId === null || shopIds.length > 0) return problem('CartsIncomplete', { missing, shopIds })
  return {
    cartId,
    addressId,
    lines: selected.map((line) => ({
      lineId: line.id,
      variantId: line.variantId,
      shopId: line.shopId,
      quantity: line.quantity,
      unitPrice: Number(seenUnitPrice(line)),
    })),
    groups: chosen,
    itemsTotal: Number(sum(selected.map((line) => times(seenUnitPrice(line), line.quantity)))),
  }
}

/** Where a checkout found that the parcel of a shop leaves from. */
export interface Origin {
  readonly shopId: string
  readonly regencyCode: string
}

/** What a cart has to learn from a checkout that gives it back: the places that are others than it showed, each with the lines it is true of. */
export const originsToLearn = ({ lines, groups }: Frozen, origins: readonly Origin[]) =>
  origins
    .filter(({ shopId, regencyCode }) =>
      groups.some((group) => group.shopId === shopId && group.originRegencyCode !== regencyCode),
    )
    .map(({ shopId, regencyCode }) => ({
      shopId,
      foundOrigin: regencyCode,
      foundFor: wordFor(lines.filter((line) => line.shopId === shopId)),
    }))

export const wasFrozen = (result: Frozen | Problem<string, object>): result is Frozen => !isRefusal(result)
