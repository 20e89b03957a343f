import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const sayMuch = `
  import { openLog } from '@pasar/shared/log'
  // As a process of the market does: from then on the system makes nobody wait who writes to a full pipe.
  process.stderr.on('error', () => undefined)
  const log = openLog('info', 'market')
  const held = () => (gc(), process.memoryUsage().heapUsed)
  const before = held()
  for (let n = 0; n < 1_000; n += 1) log.info({ text: 'x'.repeat(10_000) }, 'said')
  console.log(Math.round((held() - before) / 1_000_000))`

const run = (stderr: number | 'pipe') =>
  spawn(process.execPath, ['--expose-gc', '--import', 'tsx', '--input-type=module', '--eval', sayMuch], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', stderr],
  })

it('a log that cannot be written, as where the disk is full, is lost, and fills no memory', async () => {
  // Nothing can be written to what was opened to be read.
  const unwritable = openSync(fileURLToPath(import.meta.url), 'r')
  const heldMb = Number(await text(run(unwritable).stdout!))
  closeSync(unwritable)
  expect(heldMb).toBeLessThan(5)
})

it('a log whose reader is slower than it loses nothing', async () => {
  const child = run('pipe')
  const entries = (await text(child.stderr!)).trimEnd().split('\n')
  expect(entries).toHaveLength(1_000)
  expect(entries.every((entry) => (JSON.parse(entry) as { msg: string }).msg === 'said')).toBe(true)
})
