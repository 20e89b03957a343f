import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { root } from '../src/paths.ts'

it('nobody may more than the access table says, has what is another’s, or gets in with a forged call', async () => {
  const command = [join(root, 'scripts/run.mjs'), 'prove-authorization', '--json']
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: root })
  const summary = JSON.parse(stdout) as { rows: number; cells: number; asWritten: number; others: { asked: number } }
  expect(summary).toMatchObject({ different: [], others: { faults: [] }, forgedAccepted: 0 })
  expect(summary.cells).toBeGreaterThan(summary.rows)
  expect(summary.others.asked).toBeGreaterThan(0)
}, 240_000)
