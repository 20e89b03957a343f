import type { Log } from '@pasar/shared/log'
import { startLoop } from '@pasar/shared/process/worker'
import { expect, it } from 'vitest'

/** Runs a worker until it has done all of these, and answers what the log says of it. */
async function logOf(runs: readonly (Error | undefined)[]): Promise<(readonly [said: string, failures: unknown])[]> {
  const said: (readonly [string, unknown])[] = []
  const say = (details: object, message: string) => void said.push([message, 'failures' in details && details.failures])
  const log: Log = { debug: say, info: say, warn: say, error: say }
  const left = [...runs]
  let done: () => void
  const isOver = new Promise<void>((resolve) => (done = resolve))
  const run = async () => {
    if (left.length === 0) done()
    const failed = left.shift()
    if (failed) throw failed
    return 0
  }
  const loop = startLoop({ name: 'orders sagas', everyMs: 1, run }, log)
  await isOver
  await loop.stop()
  return said
}

const away = () => new Error('connect ECONNREFUSED')

it('says ever more seldom that a worker fails whose database is away, and once that it works again', async () => {
  const said = await logOf([...Array.from({ length: 9 }, away), undefined, undefined])
  expect(said).toEqual([...[1, 2, 4, 8].map((times) => ['worker failed, trying again', times]), ['worker works again', 9]])
})

it('says at once that a worker fails in another way, and that it fails again', async () => {
  const said = await logOf([away(), away(), away(), new Error('a bug'), undefined, new Error('a bug'), undefined])
  const failed = (times: number) => ['worker failed, trying again', times]
  const works = ['worker works again', 1]
  expect(said).toEqual([failed(1), failed(2), failed(1), works, failed(1), works])
})
