import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { generateClients } from '../generate/clients.ts'

/** Runs a command again in a process of its own for each share of the work, and answers what each printed. */
export async function inShares<T>(script: string, workers: number, more: readonly string[]): Promise<readonly T[]> {
  // What is made and soon forgotten, which is nearly all, is cleared away less often.
  const own = ['--max-semi-space-size=32', 'scripts/run.mjs', script, ...process.argv.slice(2), ...more]
  // Processes that all find them absent would make them in the same place at once.
  await generateClients({ say: console.error })
  const children = Array.from({ length: workers }, (_, nth) =>
    spawn(process.execPath, [...own, '--share', String(nth)], { stdio: ['ignore', 'pipe', 'inherit'] }),
  )
  // Whoever is asked to stop still says what it has found.
  const pass = () => children.forEach((child) => child.kill('SIGINT'))
  process.on('SIGINT', pass)
  const answers = children.map((child) => answerOf<T>(child))
  try {
    return await Promise.all(answers)
  } catch (error) {
    pass()
    await Promise.allSettled(answers)
    throw error
  } finally {
    process.off('SIGINT', pass)
  }
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const [output, [code]] = await Promise.all([text(child.stdout!), once(child, 'exit')])
  if (code !== 0) throw new Error(`a process of the proof ended with ${code}`)
  return JSON.parse(output) as T
}

/** Whether somebody has asked this process to stop: it then ends what it is at and says what it has found. */
export function openInterrupt(): () => boolean {
  let isAsked = false
  process.on('SIGINT', () => (isAsked = true))
  return () => isAsked
}

/** How far something is and when it will be done, in words. */
export function openProgress(all: number, now: () => number = () => performance.now()) {
  const since = now()
  return (done: number): string => {
    const left = done === 0 ? 0 : ((now() - since) / done) * (all - done)
    return `${done} of ${all}, ${Math.ceil(left / 60_000)} min to go`
  }
}
