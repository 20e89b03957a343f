import { jsonObject, wholeNumber } from '@pasar/shared/expectations'
import { json, parseJson, type HttpRequest, type HttpResponse, type Route } from '@pasar/shared/http'
import { BadInput } from '@pasar/shared/problems'
import type { Remembered } from '../remembered.ts'
import type { Delivery, Desk } from './desk.ts'
import type { Transaction } from './transaction.ts'

/** What the counter for people works with. */
export interface PeopleOptions {
  readonly memory: Remembered<Transaction>
  readonly desk: Desk
  /** Notifications are to go out now. */
  wake(): void
}

const shownMax = 50
const copiesMax = 100
const delaySecondsMax = 86_400

const escape = (text: string) => text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
const isOpen = ({ status }: Transaction) => status === 'pending' || status === 'page'

const row = ({ orderId, amount, paymentType, bank, vaNumber, expiresAt }: Transaction) => {
  const button = (action: string, label: string) =>
    `<form method="post" action="/simulators/midtrans/${escape(orderId)}/${action}"><button>${label}</button></form>`
  const how = [paymentType, bank, vaNumber].filter((part) => part !== undefined).join(' ')
  const buttons = button('pay', 'Pay') + button('deny', 'Deny') + button('expire', 'Expire')
  return `<tr id="${escape(orderId)}"><td>${escape(orderId)}</td><td>${escape(how)}</td><td>Rp${amount}</td><td>${escape(expiresAt)}</td><td>${buttons}</td></tr>`
}

const page = (
  transactions: readonly Transaction[],
) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Payment provider (simulated)</title>
<style>body{font:16px sans-serif;margin:2rem}td{padding:.3rem .8rem;border-top:1px solid #ccc}form{display:inline}tr:target{background:#ffd}</style>
<h1>Payment provider (simulated)</h1><p>Payments that wait, newest first. No money moves here.</p>
<table>${transactions.length > 0 ? transactions.map(row).join('') : '<tr><td>Nothing waits to be paid.</td></tr>'}</table></html>`

const listed = ({ memory }: PeopleOptions): HttpResponse => ({
  status: 200,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
  },
  body: page([...memory.all.values()].filter(isOpen).toReversed().slice(0, shownMax)),
})

function whole(value: unknown, field: string, most: number): number {
  if (value === undefined) return 0
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > most)
    throw new BadInput(field, wholeNumber(0, most))
  return value
}

/** How the notification is to go out, from a JSON body; a form's body says nothing about it. */
function deliveryOf({ headers, body }: HttpRequest): Delivery {
  if (body === '' || !headers['content-type']?.startsWith('application/json')) return {}
  const value = parseJson(body)
  if (!(value instanceof Object) || Array.isArray(value)) throw new BadInput('body', jsonObject)
  const { duplicate, delaySeconds, reorder, forge } = value as Record<string, unknown>
  return {
    duplicate: whole(duplicate, 'duplicate', copiesMax),
    delaySeconds: whole(delaySeconds, 'delaySeconds', delaySecondsMax),
    reorder: reorder === true,
    forge: forge === true,
  }
}

type Act = (desk: Desk, transaction: Transaction, delivery: Delivery) => Transaction

/** Paying after the expiry is possible on purpose: it happens. */
const acts: Readonly<Record<string, { readonly from: readonly Transaction['status'][]; readonly act: Act }>> = {
  pay: { from: ['pending', 'page', 'expire', 'cancel'], act: (desk, transaction, delivery) => desk.pay(transaction, delivery) },
  deny: {
    from: ['pending', 'page'],
    act: (desk, transaction, delivery) => desk.change(transaction, { status: 'deny' }, delivery),
  },
  expire: {
    from: ['pending', 'page'],
    act: (desk, transaction, delivery) => desk.change(transaction, { status: 'expire' }, delivery),
  },
}

function perform({ memory, desk, wake }: PeopleOptions, name: string, request: HttpRequest): HttpResponse {
  const transaction = memory.all.get(request.parameters['order']!)
  const { from, act } = acts[name]!
  if (!transaction) return json(404, { error: 'There is no such payment' })
  if (!from.includes(transaction.status)) return json(409, { error: `The payment is ${transaction.status} already` })
  const { orderId, status, outgoing } = act(desk, transaction, deliveryOf(request))
  wake()
  if (request.headers['accept']?.includes('text/html'))
    return { status: 303, headers: { location: '/simulators/midtrans' }, body: '' }
  return json(200, { orderId, status, notifications: outgoing.length })
}

/** What a person at the counter can do, under `/simulators/midtrans`. */
export const peopleRoutes = (options: PeopleOptions): readonly Route[] => [
  { method: 'GET', path: '/simulators/midtrans', handle: () => listed(options) },
  ...Object.keys(acts).map((name): Route => ({
    method: 'POST',
    path: `/simulators/midtrans/:order/${name}`,
    handle: (request) => perform(options, name, request),
  })),
]
