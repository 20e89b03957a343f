import { jsonObject, oneOf, textWithin, wholeNumber } from '@pasar/shared/expectations'
import { json, type HttpRequest, type HttpResponse, type Route } from '@pasar/shared/http/server'
import { parseJson } from '@pasar/shared/parse-json'
import { BadInput } from '@pasar/shared/problems'
import { escaped } from '../escaped.ts'
import type { Fields } from '../fields.ts'
import { flag } from '../flag.ts'
import type { Remembered } from '../remembered.ts'
import type { Delivery, Depot } from './depot.ts'
import { nextWord, words, type Parcel } from './parcel.ts'

/** What the drivers' buttons work with. */
export interface PeopleOptions {
  readonly memory: Remembered<Parcel>
  readonly depot: Depot
  /** Notifications are to go out now. */
  wake(): void
}

const shownMax = 50
const copiesMax = 100
const delaySecondsMax = 86_400
const paceMsMax = 3_600_000
const textCharactersMax = 200

const row = (parcel: Parcel) => {
  const { trackingNumber, company, type, status } = parcel
  const next = nextWord(parcel)
  const button = `<form method="post" action="/simulators/courier/${escaped(trackingNumber)}/advance"><button>${next}</button></form>`
  const cells = [escaped(trackingNumber), escaped(`${company} ${type}`), escaped(status), button]
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`
}

const page = (
  parcels: readonly Parcel[],
) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Couriers (simulated)</title>
<style>body{font:16px sans-serif;margin:2rem}td{padding:.3rem .8rem;border-top:1px solid #ccc}form{display:inline}</style>
<h1>Couriers (simulated)</h1><p>Parcels on their way, newest first. The button scans one at its next station.</p>
<table>${parcels.length > 0 ? parcels.map(row).join('') : '<tr><td>Nothing is on its way.</td></tr>'}</table></html>`

const listed = ({ memory }: PeopleOptions): HttpResponse => ({
  status: 200,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
  },
  body: page(
    [...memory.all.values()]
      .filter((parcel) => nextWord(parcel) !== undefined)
      .toReversed()
      .slice(0, shownMax),
  ),
})

/** The fields of a JSON body; a form's body says nothing. */
function fieldsOf({ headers, body }: HttpRequest): Fields {
  if (body === '' || !headers['content-type']?.startsWith('application/json')) return {}
  const value = parseJson(body)
  if (!(value instanceof Object) || Array.isArray(value)) throw new BadInput('body', jsonObject)
  return value as Fields
}

function whole(fields: Fields, field: string, most: number): number {
  const value = fields[field] ?? 0
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most)
    throw new BadInput(field, wholeNumber(0, most))
  return value
}

function textOf(fields: Fields, field: string): { readonly [name: string]: string } {
  const value = fields[field]
  if (value === undefined) return {}
  if (typeof value !== 'string' || value.trim() === '' || value.length > textCharactersMax)
    throw new BadInput(field, textWithin(1, textCharactersMax))
  return { [field]: value.trim() }
}

function statusOf(fields: Fields): string | undefined {
  const status = fields['status']
  if (status !== undefined && !(typeof status === 'string' && words.includes(status))) throw new BadInput('status', oneOf(words))
  return status
}

const deliveryOf = (fields: Fields): Delivery => ({
  duplicate: whole(fields, 'duplicate', copiesMax),
  delaySeconds: whole(fields, 'delaySeconds', delaySecondsMax),
  forge: flag(fields['forge'], 'forge'),
})

const shown = ({ outgoing, ...parcel }: Parcel) => json(200, { ...parcel, notificationsWaiting: outgoing.length })

/** A wrong word is possible on purpose: couriers say impossible things, too. */
function advance({ depot, wake }: PeopleOptions, parcel: Parcel, request: HttpRequest): HttpResponse {
  const fields = fieldsOf(request)
  const status = statusOf(fields) ?? nextWord(parcel)
  if (status === undefined) return json(409, { error: `The parcel is ${parcel.status} already` })
  const moved = depot.move(parcel, { status, ...textOf(fields, 'location'), ...textOf(fields, 'note') }, deliveryOf(fields))
  wake()
  if (request.headers['accept']?.includes('text/html'))
    return { status: 303, headers: { location: '/simulators/courier' }, body: '' }
  return shown(moved)
}

function setPace({ depot, wake }: PeopleOptions, parcel: Parcel, request: HttpRequest): HttpResponse {
  const paced = depot.setPace(parcel, whole(fieldsOf(request), 'everyMs', paceMsMax))
  wake()
  return shown(paced)
}

type Act = (options: PeopleOptions, parcel: Parcel, request: HttpRequest) => HttpResponse

/** Does something with the parcel that the path names. */
const withParcel =
  (options: PeopleOptions, act: Act): Route['handle'] =>
  (request) => {
    const parcel = options.memory.all.get(request.parameters['number'] ?? '')
    return parcel ? act(options, parcel, request) : json(404, { error: 'There is no such parcel' })
  }

/** What a person in the driver's place can do, under `/simulators/courier`. */
export const peopleRoutes = (options: PeopleOptions): readonly Route[] => [
  { method: 'GET', path: '/simulators/courier', handle: () => listed(options) },
  { method: 'GET', path: '/simulators/courier/:number', handle: withParcel(options, (_, parcel) => shown(parcel)) },
  { method: 'POST', path: '/simulators/courier/:number/advance', handle: withParcel(options, advance) },
  { method: 'POST', path: '/simulators/courier/:number/auto', handle: withParcel(options, setPace) },
]
