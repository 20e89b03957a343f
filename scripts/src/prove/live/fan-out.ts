import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Operation } from '../../demo/operation.ts'
import type { Shelf } from './buying.ts'
import type { Heard, ListenersTask } from './listeners.ts'
import type { LiveMarket } from './market.ts'

/** What a thousand listeners cost. */
export interface FanOut {
  readonly subscribers: number
  readonly events: number
  /** Streams of the products subgraph that were open for all of them. */
  readonly upstreams: number
  readonly deliveries: number
  readonly perSecond: number
  readonly different: number
  /** Whether the frames told of every change, in order, up to what is there now, with the field of the other subgraph. */
  readonly frames: boolean
  readonly ok: boolean
}

const subscribers = 1_000
const events = 100
const wantedPerSecond = 10_000

const query = `subscription Shelf($id: ID!) { listingChanged(productId: $id) { cursor available variant { product { title shop { name } } } } }`

const warehouseOf: Operation<{ warehouses: { edges: readonly { node: { id: string } }[] } }> =
  `query Warehouses($id: ID!) { shop(id: $id) { warehouses(first: 1) { edges { node { id } } } } }`

const availableOf: Operation<{ variants: readonly { id: string; available: number }[] }> =
  `query Available($id: ID!) { product(id: $id) { variants { id available } } }`

const adjustStock: Operation<object> = `mutation AdjustStock($input: AdjustStockInput!) {
  adjustStock(input: $input) { ... on AdjustStockSuccess { variant { id } } ... on Problem { code message } }
}`

/** Lets a thousand guests follow one product in a process of their own, and changes its stock. */
export async function fanOut({ fleet }: LiveMarket, shelf: Shelf): Promise<FanOut> {
  const { seller, shopId, productId, variantId } = shelf
  const warehouseId = (await seller.ask(warehouseOf, { id: shopId })).warehouses.edges[0]!.node.id
  const listeners = fork(fileURLToPath(new URL('./listeners.ts', import.meta.url)), { execArgv: ['--import', 'tsx'] })
  const heard = report<Heard>(listeners, 'heard')
  const ready = report<number>(listeners, 'ready')
  const task: ListenersTask = { url: fleet.url, query, variables: { id: productId }, sockets: subscribers, frames: events }
  listeners.send(task)
  await Promise.race([ready, heard])
  const upstreams = fleet.router.upstreams()
  for (let number = 1; number <= events; number += 1) {
    const input = { variantId, warehouseId, delta: 1, reason: 'RECEIVED', idempotencyKey: `masuk-${number}` }
    await seller.ask(adjustStock, { input })
  }
  await fleet.settle()
  const { deliveries, ms, different, texts } = await heard
  listeners.disconnect()
  const perSecond = Math.round((deliveries / ms) * 1_000)
  const { variants } = await seller.ask(availableOf, { id: productId })
  const frames = tellEveryChange(texts, { changes: events, there: variants.find(({ id }) => id === variantId)!.available })
  const ok = upstreams === 1 && different === 0 && frames && perSecond >= wantedPerSecond
  return { subscribers, events, upstreams, deliveries, perSecond, different, frames, ok }
}

interface ShelfFrame {
  readonly cursor: string
  readonly available: number
  readonly variant: { readonly product: { readonly shop: { readonly name: string } } }
}

/** Whether frames tell of so many changes by one each, in order, up to what is there now, with the field of the other subgraph. Pure. */
export function tellEveryChange(
  texts: readonly string[],
  { changes, there }: { readonly changes: number; readonly there: number },
): boolean {
  const frames = texts.map((text) => (JSON.parse(text) as { data: { listingChanged: ShelfFrame } }).data.listingChanged)
  const before = there - changes
  const cursors = new Set(frames.map(({ cursor }) => cursor))
  return (
    frames.length === changes &&
    cursors.size === changes &&
    frames.every(({ available, variant }, index) => available === before + 1 + index && variant.product.shop.name.length > 0)
  )
}

/** What the other process says under a name; rejects when it fails. */
function report<T>(child: ChildProcess, name: string): Promise<T> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: Readonly<Record<string, unknown>>) => {
      if (name in message) resolve(message[name] as T)
      else if ('failed' in message) reject(new Error(`A listener failed: ${String(message['failed'])}`))
    })
    child.once('exit', (code) => reject(new Error(`The listeners ended (${code})`)))
  })
}
