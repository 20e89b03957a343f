import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartProblem } from '../start-problem.ts'
import { startedAt } from './processes.ts'

interface Holder {
  readonly pid: number
  readonly startedAt: string
}

/** The running process that uses this folder, if any. */
export function holderOf(folder: string): number | undefined {
  const text = read(claimFile(folder))
  return text !== undefined && isAlive(text) ? (JSON.parse(text) as Holder).pid : undefined
}

/** Makes this process the only user of the folder until it calls the returned function or ends, however it ends. */
export function claim(folder: string): () => void {
  const file = claimFile(folder)
  const own = `${file}.${process.pid}`
  const text = JSON.stringify({ pid: process.pid, startedAt: startedAt(process.pid) ?? '' } satisfies Holder)
  writeFileSync(own, text)
  try {
    clearStale(file)
    linkSync(own, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw new StartProblem(
      `Pasar already runs from this folder (process ${holderOf(folder) ?? 'unknown'}, data in ${folder}): stop that one first.`,
    )
  } finally {
    rmSync(own, { force: true })
  }
  return () => {
    if (read(file) === text) rmSync(file, { force: true })
  }
}

/** Two starts may both see a dead holder: the file is moved aside, and put back if meanwhile it became the other one's. */
function clearStale(file: string): void {
  const text = read(file)
  if (text === undefined || isAlive(text)) return
  const aside = `${file}.stale.${process.pid}`
  try {
    renameSync(file, aside)
  } catch {
    return
  }
  const moved = read(aside)
  if (moved !== undefined && isAlive(moved)) linkSync(aside, file)
  rmSync(aside, { force: true })
}

const claimFile = (folder: string) => join(folder, 'running.json')

function isAlive(text: string): boolean {
  try {
    const { pid, startedAt: since } = JSON.parse(text) as Holder
    return startedAt(pid) === since
  } catch {
    return false
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
