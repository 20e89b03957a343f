import { createHash } from 'node:crypto'
import { TypeID, typeidUnboxed } from 'typeid-js'
import { idStartingWith } from './expectations.ts'
import { BadInput } from './problems.ts'

/** The prefix of each kind of id: a wrong id is seen at a glance and fails to parse at the border. */
export const idPrefixes = {
  account: 'usr',
  session: 'ses',
  shop: 'shp',
  invitation: 'inv',
  address: 'adr',
  audit: 'aud',
  notification: 'ntf',
  category: 'cat',
  product: 'prd',
  variant: 'var',
  warehouse: 'whs',
  movement: 'mov',
  reservation: 'rsv',
  review: 'rev',
  report: 'rpt',
  flashSale: 'fls',
  voucher: 'vch',
  cart: 'crt',
  cartLine: 'cln',
  cartGroup: 'cgr',
  checkout: 'chk',
  order: 'ord',
  orderLine: 'oln',
  return: 'ret',
  payment: 'pay',
  refund: 'rfd',
  journal: 'jnl',
  bankAccount: 'bac',
  withdrawal: 'wdr',
  courierDue: 'cdu',
  courierStatement: 'cst',
  shipment: 'shm',
  tracking: 'trk',
} as const

/** A kind of id. */
export type IdKind = keyof typeof idPrefixes

declare const kind: unique symbol

/** An opaque, prefixed, time-ordered id of one kind; one kind does not stand in for another. */
export type Id<K extends IdKind> = string & { readonly [kind]: K }

/** A new id (UUIDv7 behind the prefix, so that ids sort by time). */
export const newId = <K extends IdKind>(of: K): Id<K> => typeidUnboxed(idPrefixes[of]) as string as Id<K>

/** A parser for ids of one kind that throws BadInput naming the field. */
export const idParser = <K extends IdKind>(of: K) => {
  // 128 bits in Crockford's letters. By a pattern, because an id is looked at a hundred times while somebody buys.
  const form = new RegExp(`^${idPrefixes[of]}_[0-7][\\da-hjkmnp-tv-z]{25}$`)
  return (raw: string, field = 'id'): Id<K> => {
    if (!form.test(raw)) throw new BadInput(field, idStartingWith(idPrefixes[of]))
    return raw as Id<K>
  }
}

/** The id that an outside identity always gets, so that an import run twice makes the same rows. */
export function derivedId<K extends IdKind>(of: K, ...identity: readonly string[]): Id<K> {
  const bytes = createHash('sha256').update(JSON.stringify(identity)).digest().subarray(0, 16)
  // Version 7 with a zero time: derived rows sort before all others and can never meet a generated one.
  bytes.fill(0, 0, 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  return TypeID.fromUUIDBytes(idPrefixes[of], bytes).toString() as string as Id<K>
}
