import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '@pasar/shared/clock'

/** What a simulator remembers, by id; every change is on disk before anyone is answered. */
export interface Remembered<T> {
  readonly all: ReadonlyMap<string, T>
  save(record: T): void
}

/** Something that a simulator tells of. */
interface Telling {
  readonly createdAt: string
  readonly outgoing: readonly { readonly dueAt: string }[]
}

/** Where a simulator remembers what. */
export interface RememberOptions<T> {
  readonly folder: string
  readonly name: string
  readonly clock: Clock
  idOf(record: T): string
}

const keptDays = 7

/**
 * Opens a file of one JSON line per change; the last line of an id counts. The file is made small again at each start, under another name
 * first, so that a stop in the middle loses nothing: what is old, and has nothing left to tell, is forgotten.
 */
export function remember<T extends Telling>({ folder, name, clock, idOf }: RememberOptions<T>): Remembered<T> {
  const oldest = new Date(clock.now().getTime() - keptDays * 86_400_000).toISOString()
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.jsonl`)
  const all = new Map<string, T>()
  for (const record of readLines<T>(file)) all.set(idOf(record), record)
  for (const [id, { createdAt, outgoing }] of all) if (createdAt < oldest && outgoing.length === 0) all.delete(id)
  writeFileSync(`${file}.new`, [...all.values()].map((record) => `${JSON.stringify(record)}\n`).join(''))
  renameSync(`${file}.new`, file)
  return {
    all,
    save: (record) => {
      all.set(idOf(record), record)
      appendFileSync(file, `${JSON.stringify(record)}\n`)
    },
  }
}

/** When the first of the notifications that wait is due, as it is remembered; undefined where none waits. */
export function nextNotification(all: ReadonlyMap<string, Pick<Telling, 'outgoing'>>) {
  let next: string | undefined
  for (const { outgoing } of all.values()) for (const { dueAt } of outgoing) if (next === undefined || dueAt < next) next = dueAt
  return next
}

/** The first of some moments, as they are remembered. */
export const earliest = (...moments: readonly (string | undefined)[]): string | undefined =>
  moments.filter((moment) => moment !== undefined).toSorted()[0]

/** A line that a stop has cut off is the last one, and its change was never answered. */
function readLines<T>(file: string): T[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as T]
      } catch {
        return []
      }
    })
}
