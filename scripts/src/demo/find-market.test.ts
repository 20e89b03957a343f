import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@pasar/shared/http/free-port'
import { json, listen, type HttpResponse, type HttpServer } from '@pasar/shared/http/server'
import { openLog } from '@pasar/shared/log'
import { healthRoutes } from '@pasar/shared/subgraph/server'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { claim } from '../postgres/claim.ts'
import { dataLocation } from '../postgres/location.ts'
import { demoCommand, findMarket } from './find-market.ts'

const nothingNamed = { url: undefined, simulators: undefined, json: false }
const route = (path: string, answer: HttpResponse) => ({ path, method: 'GET', handle: async () => answer }) as const
const simulator = route('/simulators/midtrans', json(200, {}))
const listening = (): Promise<HttpServer> => listen({ host: '127.0.0.1', port: 0, log: openLog('silent', 'test') })

let dataDir: string
let release: () => void
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'pasar-demo-'))
  chmodSync(dataDir, 0o755)
  const { folder } = dataLocation(dataDir)
  mkdirSync(folder, { recursive: true })
  release = claim(folder)
})
afterEach(() => {
  release()
  rmSync(dataDir, { recursive: true, force: true })
})

it('the demo waits for the market of its folder that is still opening', async () => {
  const opening = await listening()
  const told: string[] = []
  // It opens when the demo has said that it waits.
  const tell = (line: string) => {
    told.push(line)
    opening.mount([...healthRoutes(async () => undefined), simulator])
  }
  try {
    const { url } = await findMarket(nothingNamed, { DATA_DIR: dataDir, PORT: String(opening.port) }, tell)
    expect(url).toBe(`http://127.0.0.1:${opening.port}`)
    expect(told).toEqual(['The market of this folder is opening; waiting for it'])
  } finally {
    await opening.stop()
  }
})

it('the demo asks for the address of a market of its folder that listens elsewhere', async () => {
  const env = { DATA_DIR: dataDir, PORT: String(await freePort()) }
  await expect(findMarket(nothingNamed, env, () => undefined)).rejects.toThrow(
    /runs from this folder \(process \d+\) and does not answer at .*: name its address with --url/,
  )
})

it.each([
  ['finds nothing there', json(404, {})],
  ['is well in its own words', json(200, { ok: true })],
  ['speaks no JSON', { status: 200, body: 'OK' }],
  ['is not well', json(503, { ok: false })],
])('the demo takes no other program for the market, one that %s', async (_, answer) => {
  const other = await listening()
  other.mount([route('/ready', answer), simulator])
  const url = `http://127.0.0.1:${other.port}`
  try {
    const env = { DATA_DIR: dataDir, PORT: String(other.port) }
    await expect(findMarket(nothingNamed, env, () => undefined)).rejects.toThrow(`does not answer at ${url}: name its address`)
    await expect(findMarket({ ...nothingNamed, url }, env, () => undefined)).rejects.toThrow(`No market answers at ${url}.`)
  } finally {
    await other.stop()
  }
})

it('a market that is not at the usual address says with which one the demo is played', () => {
  expect(demoCommand('http://127.0.0.1:4000')).toBe('npm run demo')
  expect(demoCommand('http://127.0.0.1:4001')).toBe('npm run demo -- --url http://127.0.0.1:4001')
})
