import { randomInt, randomUUID } from 'node:crypto'
import type { Fields } from '../fields.ts'

/** A notification on its way: its text, and whether it is signed as it should be. */
export interface Outgoing {
  readonly id: string
  readonly body: string
  readonly forged: boolean
  readonly dueAt: string
  readonly attempts: number
}

/** A scan of a parcel. */
export interface Move {
  readonly status: string
  readonly location: string | null
  readonly note: string | null
  readonly at: string
}

/** A parcel that a courier was asked for, as its own books have it. */
export interface Booked {
  /** The merchant's name of the parcel. */
  readonly shipmentId: string
  readonly trackingNumber: string
  readonly isCalledOff: boolean
}

/** What the simulated aggregator knows of one parcel; it keeps nobody's name or street. */
export interface Parcel {
  readonly trackingNumber: string
  readonly orderId: string
  readonly referenceId: string
  readonly company: string
  readonly type: string
  readonly status: string
  readonly moves: readonly Move[]
  readonly createdAt: string
  readonly pickupAskedAt?: string
  /** Pace of a parcel that moves along by itself; 0 when it waits for a button. */
  readonly autoEveryMs: number
  readonly autoAt?: string
  readonly outgoing: readonly Outgoing[]
}

/** The way of a parcel that nothing happens to. */
const usualWay = ['confirmed', 'allocated', 'picking_up', 'picked', 'dropping_off', 'delivered'] as const

/** Every word that a courier may say of a parcel. */
export const words: readonly string[] = [...usualWay, 'on_hold', 'return_in_transit', 'returned', 'lost', 'cancelled']

const inHand = ['picked', 'dropping_off', 'delivered', 'return_in_transit', 'returned', 'lost']

/** Whether the courier has the parcel, or has had it. */
export const isInHand = ({ moves }: Pick<Parcel, 'moves'>): boolean => moves.some(({ status }) => inHand.includes(status))

/** Where a parcel goes from here; undefined at the end of its way. */
export function nextWord({ status, moves }: Parcel): string | undefined {
  if (status === 'return_in_transit') return 'returned'
  if (status === 'on_hold') return isInHand({ moves }) ? 'dropping_off' : 'picking_up'
  const place = (usualWay as readonly string[]).indexOf(status)
  return place === -1 ? undefined : usualWay[place + 1]
}

const texts: Readonly<Record<string, string>> = {
  allocated: 'Kurir sudah ditugaskan',
  picking_up: 'Kurir menuju ke penjual',
  picked: 'Paket sudah diambil dari penjual',
  dropping_off: 'Paket dalam perjalanan ke pembeli',
  delivered: 'Paket diterima',
  on_hold: 'Paket tertahan',
  return_in_transit: 'Paket dikembalikan ke penjual',
  returned: 'Paket diterima kembali oleh penjual',
  lost: 'Paket hilang',
  cancelled: 'Pengiriman dibatalkan',
}

/** What a courier writes beside a scan. */
export const noteOf = (status: string): string | null => texts[status] ?? null

const codeOf = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[a-z0-9_]{1,40}$/.test(value) ? value : undefined

/** A new parcel from the body of a booking; undefined when it cannot be booked. */
export function parcelFrom(body: Fields, now: Date): Parcel | undefined {
  const { reference_id: referenceId, courier_company, courier_type } = body
  const [company, type] = [codeOf(courier_company), codeOf(courier_type)]
  if (typeof referenceId !== 'string' || !/^[\w.~-]{1,64}$/.test(referenceId) || !company || !type) return undefined
  const at = now.toISOString()
  return {
    trackingNumber: `${company.toUpperCase()}${randomInt(10 ** 11, 10 ** 12)}`,
    orderId: randomUUID(),
    referenceId,
    company,
    type,
    status: 'confirmed',
    moves: [{ status: 'confirmed', location: null, note: null, at }],
    createdAt: at,
    autoEveryMs: 0,
    outgoing: [],
  }
}
