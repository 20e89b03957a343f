import { execFileSync, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { LoadResult, LoadSpec } from './load.ts'

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Runs a load in a process of its own, where wrk is not installed. */
export async function runNodeLoad(spec: LoadSpec, core: string | undefined): Promise<LoadResult> {
  const child = fork(file('../../run-file.mjs'), [file('node-load-process.ts')])
  if (core !== undefined) execFileSync('taskset', ['-a', '-p', '-c', core, String(child.pid)], { stdio: 'ignore' })
  const result = new Promise<LoadResult>((resolve, reject) => {
    child.once('message', (message) => resolve(message as LoadResult))
    child.once('exit', () => reject(new Error('The load process ended without a result')))
  })
  child.send(spec)
  return result
}
