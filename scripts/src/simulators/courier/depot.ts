import { randomUUID } from 'node:crypto'
import { signatureHeader, signBody } from '@pasar/logistics/courier/signature'
import type { Clock } from '@pasar/shared/clock'
import type { Post } from '@pasar/shared/http/post'
import { errorDetails, type Log } from '@pasar/shared/log'
import { isTaken, later } from '../deliveries.ts'
import type { Remembered } from '../remembered.ts'
import { nextWord, noteOf, type Move, type Outgoing, type Parcel } from './parcel.ts'

/** How the notification of one move goes out. */
export interface Delivery {
  /** How many more times it is sent. */
  readonly duplicate?: number
  readonly delaySeconds?: number
  /** One with a wrong signature comes first. */
  readonly forge?: boolean
}

/** What the simulated courier works with. */
export interface DepotOptions {
  readonly memory: Remembered<Parcel>
  readonly tell: Post
  readonly secret: string
  readonly clock: Clock
  readonly log: Log
}

/** Pauses before each further attempt. */
const retryPausesMs = [1_000, 5_000, 15_000, 60_000, 300_000, 1_800_000]

function notificationsOf(
  { trackingNumber, orderId }: Parcel,
  move: Move,
  { delivery, now }: { delivery: Delivery; now: Date },
): Outgoing[] {
  const { duplicate = 0, delaySeconds = 0, forge = false } = delivery
  const { status, location, note, at } = move
  const waybill = { order_id: orderId, courier_waybill_id: trackingNumber }
  const body = JSON.stringify({
    event: 'order.status',
    event_id: randomUUID(),
    ...waybill,
    status,
    location,
    note,
    updated_at: at,
  })
  const dueAt = later(now, delaySeconds * 1000)
  const copy = (forged: boolean) => ({ id: randomUUID(), body, forged, dueAt, attempts: 0 })
  return [...(forge ? [copy(true)] : []), ...Array.from({ length: 1 + duplicate }, () => copy(false))]
}

/** Whether nobody needs to be told again: acknowledged, or refused for good (a forged one). */
async function send({ body, forged }: Outgoing, { tell, secret, log }: DepotOptions): Promise<boolean> {
  try {
    const signature = forged ? '0'.repeat(64) : signBody(body, secret)
    const { status } = await tell({ [signatureHeader]: signature }, body)
    return isTaken(status) || status === 400 || status === 401
  } catch (error) {
    log.debug(errorDetails(error), 'a courier notification was not delivered')
    return false
  }
}

/** Sends one notification and remembers whether it must be sent again. */
async function deliver(trackingNumber: string, item: Outgoing, options: DepotOptions): Promise<void> {
  const { memory, clock } = options
  const done = await send(item, options)
  const parcel = memory.all.get(trackingNumber)!
  const pause = retryPausesMs[item.attempts]
  const again = done || pause === undefined ? [] : [{ ...item, attempts: item.attempts + 1, dueAt: later(clock.now(), pause) }]
  memory.save({ ...parcel, outgoing: [...parcel.outgoing.filter(({ id }) => id !== item.id), ...again] })
}

/** Where parcels are scanned: moves them, and tells the market of each move until it is acknowledged. */
export function openDepot(options: DepotOptions) {
  const { memory, clock } = options
  const move = (parcel: Parcel, step: { status: string; location?: string; note?: string }, delivery: Delivery = {}): Parcel => {
    const now = clock.now()
    const { status, location = null, note = noteOf(status) } = step
    const scan = { status, location, note, at: now.toISOString() }
    const outgoing = [...parcel.outgoing, ...notificationsOf(parcel, scan, { delivery, now })]
    const { autoEveryMs } = parcel
    const auto = autoEveryMs > 0 ? { autoAt: later(now, autoEveryMs) } : {}
    const moved = { ...parcel, status, moves: [...parcel.moves, scan], outgoing, ...auto }
    memory.save(moved)
    return moved
  }
  const moveByItself = (parcel: Parcel, now: string): number => {
    const next = nextWord(parcel)
    if (parcel.autoEveryMs === 0 || parcel.autoAt === undefined || parcel.autoAt > now || next === undefined) return 0
    move(parcel, { status: next })
    return 1
  }
  /** Lets time pass: moves what moves by itself and sends every notification that is due. Says how much there was. */
  const run = async (): Promise<number> => {
    const now = clock.now().toISOString()
    let done = 0
    for (const parcel of memory.all.values()) done += moveByItself(parcel, now)
    for (const { trackingNumber, outgoing } of memory.all.values()) {
      for (const item of outgoing.filter(({ dueAt }) => dueAt <= now)) {
        await deliver(trackingNumber, item, options)
        done += 1
      }
    }
    return done
  }
  return { move, run, setPace: (parcel: Parcel, autoEveryMs: number) => setPace(options, parcel, autoEveryMs) }
}

function setPace({ memory, clock }: DepotOptions, parcel: Parcel, autoEveryMs: number): Parcel {
  const paced = { ...parcel, autoEveryMs, autoAt: later(clock.now(), autoEveryMs) }
  memory.save(paced)
  return paced
}

/** See openDepot. */
export type Depot = ReturnType<typeof openDepot>
