import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a simulator remembers, by id; every change is on disk before anyone is answered. */
export interface Remembered<T> {
  readonly all: ReadonlyMap<string, T>
  save(record: T): void
}

/** Where a simulator remembers, and what is worth keeping over a restart. */
export interface RememberOptions<T> {
  readonly folder: string
  readonly name: string
  idOf(record: T): string
  keep(record: T): boolean
}

/**
 * Opens a file of one JSON line per change; the last line of an id counts. The file is made small again at each start, under another name
 * first, so that a stop in the middle loses nothing.
 */
export function remember<T>({ folder, name, idOf, keep }: RememberOptions<T>): Remembered<T> {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${name}.jsonl`)
  const all = new Map<string, T>()
  for (const record of readLines<T>(file)) all.set(idOf(record), record)
  for (const [id, record] of all) if (!keep(record)) all.delete(id)
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
export function nextNotification(all: ReadonlyMap<string, { readonly outgoing: readonly { readonly dueAt: string }[] }>) {
  let next: string | undefined
  for (const { outgoing } of all.values()) for (const { dueAt } of outgoing) if (next === undefined || dueAt < next) next = dueAt
  return next
}

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
