import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { SettingProblem } from '@pasar/shared/process/setting-problem'
import type { Settings } from '@pasar/shared/process/settings'
import { z } from 'zod'

/** An operation that a client was built with. */
export interface PersistedOperation {
  readonly id: string
  readonly name: string
  readonly body: string
}

/** How operations that nobody was built with are taken: as any other, with a word in the log, or not at all. */
export type PersistedMode = 'off' | 'log' | 'safelist'

/** What a router knows of the operations of its clients. */
export interface PersistedOptions {
  readonly mode: PersistedMode
  readonly operations: readonly PersistedOperation[]
}

const manifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(z.object({ id: z.string().min(1).max(256), name: z.string(), body: z.string().min(1) })),
})

/** What graphql-codegen's client preset and Relay write: texts by their ids. */
const texts = z.record(z.string().min(1).max(256), z.string().min(1))

const operationsOf = z.union([
  manifest.transform(({ operations }) => operations),
  texts.transform((bodies) => Object.entries(bodies).map(([id, body]) => ({ id, name: '', body }))),
])

/** Reads a manifest as Apollo's tools write it, or graphql-codegen and Relay; undefined for anything else. */
export function parseManifest(text: string): readonly PersistedOperation[] | undefined {
  try {
    return operationsOf.parse(JSON.parse(text))
  } catch {
    return undefined
  }
}

/** What the settings say; throws SettingProblem for a manifest that is missing or is none. */
export function readPersisted({
  PERSISTED_OPERATIONS: mode,
  PERSISTED_MANIFEST: file,
}: Pick<Settings, 'PERSISTED_OPERATIONS' | 'PERSISTED_MANIFEST'>): PersistedOptions {
  if (file === undefined) {
    if (mode === 'off') return { mode, operations: [] }
    throw new SettingProblem(`PERSISTED_MANIFEST is missing: PERSISTED_OPERATIONS=${mode} needs a list of operations`)
  }
  const operations = parseManifest(readText(resolve(process.env['INIT_CWD'] ?? '.', file)))
  if (!operations) throw new SettingProblem(`PERSISTED_MANIFEST: ${file} is no manifest of persisted operations, version 1`)
  return { mode, operations }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new SettingProblem(`PERSISTED_MANIFEST: ${file} cannot be read`)
  }
}
