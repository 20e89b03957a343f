import type { SqlSeam } from '@pasar/shared/postgres/seam'
import { anyOf } from '@pasar/shared/postgres/statement'
import type { FoundOrigin, Listing } from '../domain/cart.ts'
import { cartFacts, ownerOf, type CartOwner, type CartRow } from './carts.ts'
import type { GroupRow } from './groups.ts'
import { lineFacts, type OwnedLine } from './lines.ts'
import { listingJsonOf, listingOf, type ListingJson } from './listings.ts'

/** A cart with everything in it: lines and groups in the order in which they came. */
export interface Content {
  readonly cart: CartRow
  readonly groups: readonly GroupRow[]
  readonly lines: readonly OwnedLine[]
  /** The listing of a variant that was asked for beside it, if there is one. */
  readonly beside?: Listing | undefined
}

/** A line beside its group and its cart; only the cart where there is nothing in it. */
type Row = Omit<CartRow, 'id'> &
  FoundOrigin & {
    readonly cartId: string
    readonly groupPlace: number
    readonly groupShopId: string
    readonly courierServiceId: string | null
    readonly beside?: ListingJson | null
  } & (OwnedLine | { readonly id: null; readonly groupId: string | null })

const selecting = (more = '') => `SELECT c.id AS "cartId", ${cartFacts}, g.id AS "groupId", g.shop_id AS "groupShopId",
  g.courier_service_id AS "courierServiceId", g.found_origin AS "foundOrigin", g.found_for AS "foundFor", dense_rank() OVER (ORDER BY g.added_at, g.id)::integer AS "groupPlace", ${lineFacts}${more}
  FROM cart c LEFT JOIN cart_group g ON g.cart_id = c.id
  LEFT JOIN (cart_line l JOIN listing p ON p.variant_id = l.variant_id) ON l.group_id = g.id`

const byIds = `${selecting()} WHERE c.id = ${anyOf('$1::text[]')} ORDER BY l.added_at, l.id`

const byOwner = (more?: string) => ({
  account_id: `${selecting(more)} WHERE c.account_id = $1 ORDER BY l.added_at, l.id`,
  token_hash: `${selecting(more)} WHERE c.token_hash = $1 ORDER BY l.added_at, l.id`,
})

const ofOwner = byOwner()
const ofOwnerBeside = byOwner(`, ${listingJsonOf('$2')} AS beside`)

/** Carts with what is in them, all in one statement. */
export async function findContents(db: SqlSeam, cartIds: readonly string[]): Promise<Content[]> {
  const ofCart = new Map<string, Row[]>()
  for (const row of await db.$queryRawUnsafe<Row[]>(byIds, cartIds)) {
    const rows = ofCart.get(row.cartId)
    if (rows) rows.push(row)
    else ofCart.set(row.cartId, [row])
  }
  return [...ofCart.values()].map(contentOf)
}

/** The owner's cart as it is, ended or not; beside it the listing of a variant, where one is named. */
export async function findContentOf(db: SqlSeam, owner: CartOwner, variantId?: string): Promise<Content | undefined> {
  const { column, value } = ownerOf(owner)
  const [text, ...named] = variantId === undefined ? [ofOwner[column]] : [ofOwnerBeside[column], variantId]
  const rows = await db.$queryRawUnsafe<Row[]>(text, value, ...named)
  return rows.length > 0 ? contentOf(rows) : undefined
}

function contentOf(rows: readonly Row[]): Content {
  const { cartId: id, accountId, version, addressId, lockedBy, mergedInto, expiresAt, beside } = rows[0]!
  const cart = { id, accountId, version, addressId, lockedBy, mergedInto, expiresAt }
  return {
    cart,
    groups: groupsOf(rows),
    lines: rows.filter((row) => row.id !== null),
    ...(beside && { beside: listingOf(beside) }),
  }
}

function groupsOf(rows: readonly Row[]): GroupRow[] {
  const first = new Map(rows.map((row) => [row.groupId, row]))
  return [...first.values()].toSorted((a, b) => a.groupPlace - b.groupPlace).flatMap(groupOf)
}

const groupOf = ({
  groupId: id,
  cartId,
  groupShopId: shopId,
  courierServiceId,
  addressId,
  accountId,
  ...row
}: Row): GroupRow[] => {
  const { foundOrigin, foundFor } = row
  return id === null ? [] : [{ id, cartId, shopId, courierServiceId, foundOrigin, foundFor, addressId, accountId }]
}
