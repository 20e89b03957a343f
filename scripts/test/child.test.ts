import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { startChild } from '../src/fleet/child.ts'
import { root } from '../src/paths.ts'

it('a process of a fleet that cannot be started again at once is started when it can', async () => {
  const said: string[] = []
  const main = relative(root, fileURLToPath(new URL('./fixtures/stay.ts', import.meta.url)))
  const child = await startChild({ name: 'orders', main, env: process.env, say: (line) => said.push(line) })
  const { execPath } = process
  try {
    process.execPath = '/nowhere/node'
    process.kill(child.pid()!, 'SIGKILL')
    await expect.poll(() => said, { timeout: 10_000 }).toHaveLength(2)
    expect(said).toEqual([
      'orders ended (SIGKILL); starting it again',
      'orders ended (spawn /nowhere/node ENOENT); starting it again',
    ])
    expect(child.pid()).toBeUndefined()
    process.execPath = execPath
    await expect.poll(() => child.pid(), { timeout: 10_000 }).toBeGreaterThan(0)
  } finally {
    process.execPath = execPath
    await child.stop()
  }
}, 30_000)
