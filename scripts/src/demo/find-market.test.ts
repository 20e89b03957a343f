import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@pasar/shared/free-port'
import { json, listen, type HttpServer } from '@pasar/shared/http'
import { openLog } from '@pasar/shared/log'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { claim } from '../postgres/claim.ts'
import { dataLocation } from '../postgres/location.ts'
import { findMarket } from './find-market.ts'

const nothingNamed = { url: undefined, simulators: undefined, json: false }
const open = (path: string) => ({ path, method: 'GET', handle: async () => json(200, {}) }) as const

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
  const opening: HttpServer = await listen({ host: '127.0.0.1', port: 0, log: openLog('silent', 'test') })
  const told: string[] = []
  // It opens when the demo has said that it waits.
  const tell = (line: string) => {
    told.push(line)
    opening.mount([open('/ready'), open('/simulators/midtrans')])
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
