import { expect, it } from 'vitest'
import { fleetTransports, subgraphUrl } from './addresses.ts'
import { readSettings } from './settings.ts'

it.each([
  ['::1', 'http://[::1]:4003'],
  ['::', 'http://[::]:4003'],
  ['127.0.0.1', 'http://127.0.0.1:4003'],
  ['market.internal', 'http://market.internal:4003'],
])('a fleet that listens on %s is reached there', async (HOST, orders) => {
  const settings = readSettings({ HOST, PORT_ORDERS: '4003' })
  expect(subgraphUrl(settings, 'orders')).toBe(orders)
  expect(new URL(orders).port).toBe('4003')
  for (const transport of Object.values(fleetTransports(settings))) await transport.stop()
})
