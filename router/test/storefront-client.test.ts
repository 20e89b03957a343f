import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { storefrontClient } from '../src/pages/storefront-client.ts'
import { startSmallMarket, type SmallMarket } from './small-market.ts'

type Client = {
  readonly headers: Record<string, string>
  ask(query: string, variables?: object): Promise<unknown>
  follow(query: string, variables: object, next: (frame: unknown) => void): () => void
}

/** The library as a browser has it: Node 20 has no sockets of its own. */
const withSockets = `import { createClient as create } from ${JSON.stringify(import.meta.resolve('graphql-ws'))}
import { WebSocket } from ${JSON.stringify(import.meta.resolve('ws'))}
export const createClient = (options) => create({ ...options, webSocketImpl: WebSocket })`

let market: SmallMarket
let client: Client
let folder: string

beforeAll(async () => {
  market = await startSmallMarket([])
  folder = mkdtempSync(join(tmpdir(), 'pasar-client-'))
  const file = join(folder, 'client.mjs')
  writeFileSync(join(folder, 'graphql-ws.mjs'), withSockets)
  writeFileSync(file, storefrontClient(`${market.url}/graphql`).replace("'graphql-ws'", "'./graphql-ws.mjs'"))
  client = (await import(pathToFileURL(file).href)) as Client
})

afterAll(async () => {
  await market.stop()
  rmSync(folder, { recursive: true })
})

it('the client that the landing page shows has ten lines', () => {
  expect(storefrontClient('http://localhost/graphql').split('\n')).toHaveLength(10)
})

it('the client that the landing page shows asks and follows, with the credentials it was given', async () => {
  client.headers['Authorization'] = 'Bearer sri'
  expect(await client.ask('query Ask($name: String!) { greeting(name: $name) credentials }', { name: 'Sri' })).toEqual({
    data: { greeting: 'Halo, Sri', credentials: 'Bearer sri' },
  })
  const next = vi.fn<(frame: unknown) => void>()
  const stop = client.follow('subscription { parcel { status credentials } }', {}, next)
  await vi.waitFor(() =>
    expect(next).toHaveBeenCalledWith({ data: { parcel: { status: 'IN_TRANSIT', credentials: 'Bearer sri' } } }),
  )
  market.moveParcel()
  await vi.waitFor(() =>
    expect(next).toHaveBeenCalledWith({ data: { parcel: { status: 'DELIVERED', credentials: 'Bearer sri' } } }),
  )
  stop()
})
