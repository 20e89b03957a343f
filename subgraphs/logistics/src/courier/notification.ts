import { beginningOf, refuseUnkeepable } from '@pasar/shared/bounded-text'
import { jsonObject, oneOf, textWithin } from '@pasar/shared/expectations'
import { parseJson } from '@pasar/shared/parse-json'
import { BadInput } from '@pasar/shared/problems'
import type { Told } from '../domain/shipment.ts'
import { statuses } from './statuses.ts'

/** A courier's word about a parcel, checked. */
export interface Word extends Told {
  readonly location: string | null
  readonly note: string | null
}

/** One that it sends by itself. */
export interface Notification extends Word {
  readonly courierEventId: string
  readonly trackingNumber: string
}

type Fields = Readonly<Record<string, unknown>>

function text(fields: Fields, name: string, charactersMax: number): string {
  const value = fields[name]
  if (typeof value !== 'string' || value.trim() === '' || value.length > charactersMax)
    throw new BadInput(name, textWithin(1, charactersMax))
  refuseUnkeepable(value, name)
  return value.trim()
}

const optionalCharactersMax = 500

/** What is said beside a move, as far as it can be kept: the move counts, whatever is said beside it. */
function optionalText(fields: Fields, name: string): string | null {
  const value = fields[name]
  if (typeof value !== 'string') return null
  return beginningOf(value.replaceAll('\0', '').trim(), optionalCharactersMax) || null
}

export function parseNotification(body: string): Notification {
  const value = parseJson(body)
  if (!(value instanceof Object) || Array.isArray(value)) throw new BadInput('body', jsonObject)
  const fields = value as Fields
  return {
    ...parseWord(fields),
    courierEventId: text(fields, 'event_id', 100),
    trackingNumber: text(fields, 'courier_waybill_id', 100),
  }
}

/** What a courier says of a parcel, in a notification or asked. */
export function parseWord(fields: Fields): Word {
  const word = text(fields, 'status', 50)
  const status = Object.hasOwn(statuses, word) ? statuses[word] : undefined
  if (!status) throw new BadInput('status', oneOf(Object.keys(statuses)))
  const occurredAt = new Date(text(fields, 'updated_at', 50))
  if (Number.isNaN(occurredAt.getTime())) throw new BadInput('updated_at', { id: 'waktu ISO 8601', en: 'an ISO 8601 time' })
  return { status, location: optionalText(fields, 'location'), note: optionalText(fields, 'note'), occurredAt }
}
