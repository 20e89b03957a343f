import { json, type HttpRequest, type HttpResponse, type Route } from '@pasar/shared/http/server'
import { deliveryOf, type Delivery } from './deliveries.ts'
import { escaped } from './escaped.ts'

/** A payment that waits, as the page for people shows it. */
export interface Waiting {
  readonly id: string
  readonly how: string
  readonly amount: number
  readonly expiresAt: string
}

/** What became of a press of a button. */
export interface Pressed {
  readonly orderId: string
  readonly status: string
  readonly notifications: number
}

/** The counter of a simulated provider. */
export interface Counter {
  /** Its name in paths. */
  readonly path: string
  readonly title: string
  waiting(): readonly Waiting[]
  readonly actions: readonly string[]
  /** Undefined where there is no such payment; a text where it is past that. */
  press(id: string, action: string, delivery: Delivery): Pressed | string | undefined
}

const shownMax = 50

const row = ({ path, actions }: Counter, { id, how, amount, expiresAt }: Waiting) => {
  const button = (action: string) =>
    `<form method="post" action="/simulators/${path}/${escaped(id)}/${action}"><button>${action}</button></form>`
  return `<tr id="${escaped(id)}"><td>${escaped(id)}</td><td>${escaped(how)}</td><td>Rp${amount}</td><td>${escaped(expiresAt)}</td><td>${actions.map(button).join('')}</td></tr>`
}

const page = (
  counter: Counter,
  waiting: readonly Waiting[],
) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>${counter.title}</title>
<style>body{font:16px sans-serif;margin:2rem}td{padding:.3rem .8rem;border-top:1px solid #ccc}form{display:inline}tr:target{background:#ffd}</style>
<h1>${counter.title}</h1><p>What waits, newest first. No money moves here.</p>
<table>${waiting.length > 0 ? waiting.map((one) => row(counter, one)).join('') : '<tr><td>Nothing waits.</td></tr>'}</table></html>`

const listed = (counter: Counter): HttpResponse => ({
  status: 200,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
  },
  body: page(counter, counter.waiting().slice(0, shownMax)),
})

function pressed(counter: Counter, action: string, request: HttpRequest): HttpResponse {
  const result = counter.press(request.parameters['order']!, action, deliveryOf(request))
  if (result === undefined) return json(404, { error: 'There is no such payment' })
  if (typeof result === 'string') return json(409, { error: result })
  return request.headers['accept']?.includes('text/html')
    ? { status: 303, headers: { location: `/simulators/${counter.path}` }, body: '' }
    : json(200, result)
}

/** What a person at the counter can do. */
export const counterRoutes = (counter: Counter): readonly Route[] => [
  { method: 'GET', path: `/simulators/${counter.path}`, handle: () => listed(counter) },
  ...counter.actions.map((action): Route => ({
    method: 'POST',
    path: `/simulators/${counter.path}/:order/${action}`,
    handle: (request) => pressed(counter, action, request),
  })),
]
