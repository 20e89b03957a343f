import type { Clock } from '@pasar/shared/clock'
import { jsonObject, wholeNumber } from '@pasar/shared/expectations'
import { openPost, type Post } from '@pasar/shared/http/post'
import type { HttpRequest } from '@pasar/shared/http/server'
import { errorDetails, type Log } from '@pasar/shared/log'
import { parseJson } from '@pasar/shared/parse-json'
import { BadInput } from '@pasar/shared/problems'
import { flag } from './flag.ts'
import type { Remembered } from './remembered.ts'

/** How notifications of one change go out. */
export interface Delivery {
  /** How many more times each is sent. */
  readonly duplicate?: number
  readonly delaySeconds?: number
  /** An older notification comes after the newer one. */
  readonly reorder?: boolean
  /** One that nobody signed comes first. */
  readonly forge?: boolean
}

/** A notification on its way. */
export interface Outgoing {
  readonly fields: Readonly<Record<string, unknown>>
  readonly headers?: Readonly<Record<string, string>>
  readonly dueAt: string
  readonly attempts: number
}

/** Something that notifications are sent about. */
export interface Told {
  readonly outgoing: readonly Outgoing[]
}

/** Whom the simulated provider tells. */
export interface DeliveryOptions<T extends Told> {
  readonly memory: Remembered<T>
  readonly tell: Post
  readonly clock: Clock
  readonly log: Log
}

/** Pauses before each further attempt; Midtrans does not publish its own, Xendit's begin at a quarter of an hour. */
const retryPausesMs = [2_000, 10_000, 30_000, 120_000, 300_000, 1_800_000]
const answerTimeoutMs = 15_000
const copiesMax = 100
const delaySecondsMax = 86_400

/** The way to whoever is told. */
export const openTelling = (notificationUrl: string): Post =>
  openPost(notificationUrl, { deadlineMs: answerTimeoutMs, responseBytesMax: 64 * 1024, inFlightMax: 100, connectionsMax: 4 })

/** A time so much later, as it is remembered. */
export const later = (time: Date, milliseconds: number) => new Date(time.getTime() + milliseconds).toISOString()

/** The notifications of one change: forged ones, then the true one and its copies, then older ones. */
export function outgoingOf(
  { forged, newest, stale }: Readonly<Record<'forged' | 'newest' | 'stale', Pick<Outgoing, 'fields' | 'headers'>>>,
  { duplicate = 0, delaySeconds = 0, reorder = false, forge = false }: Delivery,
  clock: Clock,
): readonly Outgoing[] {
  const dueAt = later(clock.now(), delaySeconds * 1000)
  const copies = Array.from({ length: 1 + duplicate }, () => newest)
  return [...(forge ? [forged] : []), ...copies, ...(reorder ? [stale] : [])].map((one) => ({ ...one, dueAt, attempts: 0 }))
}

/** Whether an answer says that what was told is taken. */
export const isTaken = (status: number): boolean => status >= 200 && status < 300

/** Whether the merchant need not be told again: acknowledged, or refused for good (a forged one). */
async function send({ fields, headers = {} }: Outgoing, { tell, log }: Pick<DeliveryOptions<Told>, 'tell' | 'log'>) {
  try {
    const { status } = await tell(headers, JSON.stringify(fields))
    return isTaken(status) || status === 403
  } catch (error) {
    log.debug(errorDetails(error), 'a notification was not delivered')
    return false
  }
}

/** Sends one notification and remembers whether it must be sent again. */
async function deliver<T extends Told>(id: string, item: Outgoing, options: DeliveryOptions<T>): Promise<void> {
  const { memory, clock } = options
  const done = await send(item, options)
  const record = memory.all.get(id)!
  const pause = retryPausesMs[item.attempts]
  const again = done || pause === undefined ? [] : [{ ...item, attempts: item.attempts + 1, dueAt: later(clock.now(), pause) }]
  memory.save({ ...record, outgoing: [...record.outgoing.filter((other) => other !== item), ...again] })
}

/** Sends every notification that is due, in order; says how many. */
export async function deliverDue<T extends Told>(options: DeliveryOptions<T>): Promise<number> {
  const now = options.clock.now().toISOString()
  let sent = 0
  for (const [id, { outgoing }] of options.memory.all) {
    for (const item of outgoing.filter(({ dueAt }) => dueAt <= now)) {
      await deliver(id, item, options)
      sent += 1
    }
  }
  return sent
}

function whole(value: unknown, field: string, most: number): number {
  if (value === undefined) return 0
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most)
    throw new BadInput(field, wholeNumber(0, most))
  return value
}

type Posted = Pick<HttpRequest, 'headers' | 'body'>

/** The fields of a JSON body; a form's body has none. */
function fieldsIn({ headers, body }: Posted): Readonly<Record<string, unknown>> {
  if (body === '' || !headers['content-type']?.startsWith('application/json')) return {}
  const value = parseJson(body)
  if (!(value instanceof Object) || Array.isArray(value)) throw new BadInput('body', jsonObject)
  return value as Record<string, unknown>
}

/** How much of a payment a bank or a person takes back, from a JSON body: all that is left where it does not say. */
export function amountOf(request: Posted, left: number): number {
  const { amount = left } = fieldsIn(request)
  if (typeof amount !== 'number' || !Number.isInteger(amount) || amount < 1 || amount > left)
    throw new BadInput('amount', wholeNumber(1, left))
  return amount
}

/** A text in a JSON body; undefined where there is none. */
export function textOf(request: Posted, field: string): string | undefined {
  const value = fieldsIn(request)[field]
  return typeof value === 'string' ? value : undefined
}

/** How the notification is to go out, from a JSON body; a form's body says nothing about it. */
export function deliveryOf(request: Posted): Delivery {
  const { duplicate, delaySeconds, reorder, forge } = fieldsIn(request)
  return {
    duplicate: whole(duplicate, 'duplicate', copiesMax),
    delaySeconds: whole(delaySeconds, 'delaySeconds', delaySecondsMax),
    reorder: flag(reorder, 'reorder'),
    forge: flag(forge, 'forge'),
  }
}
