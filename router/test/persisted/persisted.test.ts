import { createHash } from 'node:crypto'
import { openLog } from '@pasar/shared/log'
import { SettingProblem } from '@pasar/shared/process/setting-problem'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseManifest, readPersisted, type PersistedMode } from '../../src/persisted/manifest.ts'
import { openPersisted } from '../../src/persisted/persisted.ts'
import { warmUp } from '../../src/persisted/warm-up.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const text = '{ newest { id } }'
const other = '{ couriers }'
const operations = [{ id: 'op-1', name: 'Newest', body: text }]
const log = openLog('silent', 'test')
const named = (sha256Hash: string, query = '') => ({ query, extensions: { persistedQuery: { version: 1, sha256Hash } } })

const open = (mode: PersistedMode) => {
  const persisted = openPersisted({ mode, operations }, log)
  const ask = (...given: Parameters<typeof persisted.resolve>) => {
    const found = persisted.resolve(...given)
    return 'query' in found ? found.query : found.extensions.code
  }
  return { ...persisted, ask }
}

describe('an operation that comes by its hash', () => {
  it('is known once it has come with its text and was found good', () => {
    const { ask, remember } = open('off')
    expect(ask(named(sha256(other)))).toBe('PERSISTED_QUERY_NOT_FOUND')
    expect(ask(named(sha256(other), other))).toBe(other)
    expect(ask(named(sha256(other)))).toBe('PERSISTED_QUERY_NOT_FOUND')
    remember(named(sha256(other), other))
    expect(ask(named(sha256(other)))).toBe(other)
  })

  it('is refused with another text than its own, and in a form that nobody knows', () => {
    const { ask } = open('off')
    expect(ask(named(sha256(other), text))).toBe('PERSISTED_QUERY_HASH_MISMATCH')
    expect(ask(named('op-1', other))).toBe('PERSISTED_QUERY_HASH_MISMATCH')
    for (const persistedQuery of [
      { version: 2, sha256Hash: 'x' },
      { version: 1 },
      'x',
      { version: 1, sha256Hash: 'x'.repeat(300) },
    ])
      expect(ask({ query: text, extensions: { persistedQuery } })).toBe('PERSISTED_QUERY_NOT_SUPPORTED')
  })

  it('is known from the manifest, whatever its id is', () => {
    expect(open('off').ask(named('op-1'))).toBe(text)
    expect(open('safelist').ask(named('op-1'))).toBe(text)
  })
})

describe('a safelist', () => {
  it('lets through what is on it, word for word, and nothing else', () => {
    const { ask, remember } = open('safelist')
    expect(ask({ query: text })).toBe(text)
    expect(ask(named(sha256(text), text))).toBe(text)
    for (const query of [other, `${text} `, '{', '']) expect(ask({ query })).toBe('PERSISTED_QUERY_NOT_IN_LIST')
    remember(named(sha256(other), other))
    expect(ask(named(sha256(other)))).toBe('PERSISTED_QUERY_NOT_IN_LIST')
    expect(ask(named(sha256(other), other))).toBe('PERSISTED_QUERY_NOT_IN_LIST')
  })

  it('that only writes down lets everything through', () => {
    const warned: string[] = []
    const facts: object[] = []
    const watching = {
      ...log,
      warn: (said: object, message: string) => {
        facts.push(said)
        warned.push(message)
      },
    }
    const { resolve } = openPersisted({ mode: 'log', operations }, watching)
    expect(resolve({ query: text })).toEqual({ query: text })
    expect(resolve({ query: other })).toEqual({ query: other })
    expect(warned).toEqual(['an operation is not in the manifest'])
    resolve({ query: other, operationName: 'Beli'.repeat(50_000) })
    expect(facts).toEqual([{ sha256: sha256(other) }, { operation: 'Beli'.repeat(25), sha256: sha256(other) }])
  })
})

describe('the memory of hashes', () => {
  const texts = (count: number, length: number) =>
    Array.from({ length: count }, (_, index) => `{ a${index} ${' '.repeat(length)} }`)

  it('is bounded by the length of the texts', () => {
    const { ask, remember } = open('off')
    const long = texts(20, 30_000)
    for (const query of long) remember(named(sha256(query), query))
    expect(long.map((query) => ask(named(sha256(query))) === query)).toEqual(long.map((_, index) => index > 2))
  })

  it('is not filled by a few texts that are longer than anybody’s', () => {
    const { ask, remember } = open('off')
    for (const query of [other, ...texts(3, 200_000)]) remember(named(sha256(query), query))
    expect(ask(named(sha256(other)))).toBe(other)
  })
})

it('a manifest may also be texts by their ids, as graphql-codegen and Relay write it', () => {
  const written = JSON.stringify({ 'sha256:1': text, 'sha256:2': other })
  const read = parseManifest(written)
  expect(read).toEqual([
    { id: 'sha256:1', name: '', body: text },
    { id: 'sha256:2', name: '', body: other },
  ])
  const { resolve } = openPersisted({ mode: 'safelist', operations: read ?? [] }, log)
  expect(resolve(named('sha256:2'))).toMatchObject({ query: other })
  for (const wrong of ['[]', '{"a":1}', '{"":"{ a }"}', '"x"', 'null']) expect(parseManifest(wrong)).toBeUndefined()
})

it('a manifest is Apollo’s or texts by their ids, or the router does not start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pasar-manifest-'))
  const file = join(folder, 'manifest.json')
  const write = (value: unknown) => writeFileSync(file, JSON.stringify(value))
  const read = () => readPersisted({ PERSISTED_OPERATIONS: 'safelist', PERSISTED_MANIFEST: file })
  const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations: [{ ...operations[0], type: 'query' }] }
  write(manifest)
  expect(read()).toEqual({ mode: 'safelist', operations })
  write({ ...manifest, version: 2 })
  expect(read).toThrow(SettingProblem)
  rmSync(folder, { recursive: true })
  expect(read).toThrow('cannot be read')
  expect(() => readPersisted({ PERSISTED_OPERATIONS: 'log', PERSISTED_MANIFEST: undefined })).toThrow(
    'PERSISTED_MANIFEST is missing',
  )
  expect(readPersisted({ PERSISTED_OPERATIONS: 'off', PERSISTED_MANIFEST: undefined })).toEqual({
    mode: 'off',
    operations: [],
  })
  expect(parseManifest('{')).toBeUndefined()
})

it('what the clients were built with is ready before they ask, except what does not fit', async () => {
  const warmed: string[] = []
  const front = {
    warm: (query: string, name: string | undefined) => {
      if (query === 'broken') throw new Error('cannot be planned')
      warmed.push(`${name} ${query}`)
      return query !== 'unknown'
    },
  }
  const bodies = [text, 'broken', 'unknown', other].map((body, at) => ({ id: String(at), name: `Op${at}`, body }))
  expect(await warmUp(front, bodies, log)).toBe(2)
  expect(warmed).toEqual([`Op0 ${text}`, 'Op2 unknown', `Op3 ${other}`])
})
