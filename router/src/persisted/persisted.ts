import { createHash } from 'node:crypto'
import { beginningOf } from '@pasar/shared/bounded-text'
import type { Texts } from '@pasar/shared/locale'
import type { Log } from '@pasar/shared/log'
import type { Operation } from '@pasar/shared/subgraph/operation'
import { CodedError } from '@pasar/shared/problems'
import { openRecent } from '@pasar/shared/flow/recent'
import { routerLimits } from '../safety/limits.ts'
import type { PersistedOptions } from './manifest.ts'

/** Finds the texts of operations that come by name only, and keeps out what is not on the list where there is one. */
export interface Persisted {
  /** The operation with its text, or why it may not run. Parses nothing. */
  resolve(operation: Operation): Operation | CodedError
  /** The text of an operation, as far as it is known. */
  textOf(operation: Operation): string | undefined
  /** Keeps the text of an operation that was found good, when it came with its hash. */
  remember(operation: Operation): void
}

/** Opens the list of a manifest and the memory of hashes that clients send by themselves. */
export function openPersisted({ mode, operations }: PersistedOptions, log: Log): Persisted {
  const byId = new Map(operations.map(({ id, body }) => [id, body]))
  const listed = new Set(operations.map(({ body }) => body))
  const sent = openRecent<string>(routerLimits.persistedCharactersMax, (hash, text) => hash.length + text.length)
  const named = (hash: string) => byId.get(hash) ?? (mode === 'safelist' ? undefined : sent.get(hash))
  const find = (operation: Operation, hash: string): Operation | CodedError => {
    if (operation.query === '') {
      const query = named(hash)
      return query === undefined ? (mode === 'safelist' ? notListed() : notFound()) : { ...operation, query }
    }
    return byId.get(hash) === operation.query || sha256(operation.query) === hash ? operation : mismatch()
  }
  const keepOut = (operation: Operation): Operation | CodedError => {
    if (listed.has(operation.query)) return operation
    if (mode === 'safelist') return notListed()
    log.warn({ operation: nameToLog(operation), sha256: sha256(operation.query) }, 'an operation is not in the manifest')
    return operation
  }
  return {
    resolve(operation) {
      const hash = operation.extensions === undefined ? undefined : hashOf(operation.extensions)
      if (hash instanceof CodedError) return hash
      const found = hash === undefined ? operation : find(operation, hash)
      return mode === 'off' || found instanceof CodedError ? found : keepOut(found)
    },
    textOf({ query, extensions = {} }) {
      const hash = query === '' ? hashOf(extensions) : undefined
      return typeof hash === 'string' ? named(hash) : query
    },
    remember({ query, extensions }) {
      const hash = extensions === undefined || mode === 'safelist' ? undefined : hashOf(extensions)
      if (typeof hash === 'string' && !byId.has(hash)) sent.set(hash, query)
    },
  }
}

/** Nothing was held against limits yet: what names an operation of the client's may be as long as a body. */
const nameToLog = ({ operationName }: Operation) => operationName && beginningOf(operationName, routerLimits.nameCharactersMax)

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** The hash that came with an operation; undefined when none did. */
function hashOf({ persistedQuery }: Readonly<Record<string, unknown>>): string | undefined | CodedError {
  if (persistedQuery === undefined || persistedQuery === null) return undefined
  const { version, sha256Hash } = Object(persistedQuery) as Readonly<Record<string, unknown>>
  return version === 1 && typeof sha256Hash === 'string' && sha256Hash.length <= hashLengthMax ? sha256Hash : unsupported()
}

/** Ids of manifests may be longer than a hash. */
const hashLengthMax = 256

/** A word of the protocol, not of a language: some clients know by it alone that they are to send the text. */
const notFoundTexts: Texts = { id: 'PersistedQueryNotFound', en: 'PersistedQueryNotFound' }
const notListedTexts: Texts = {
  id: 'Hanya operasi yang terdaftar boleh dijalankan di sini',
  en: 'Only operations that are on the list may run here',
}
const mismatchTexts: Texts = { id: 'Hash bukan hash dari teks operasi', en: 'The hash is not that of the text of the operation' }
const unsupportedTexts: Texts = {
  id: 'persistedQuery: diharapkan version 1 dan sha256Hash',
  en: 'persistedQuery: expected version 1 and sha256Hash',
}

const notFound = () => new CodedError('PERSISTED_QUERY_NOT_FOUND', notFoundTexts)
const notListed = () => new CodedError('PERSISTED_QUERY_NOT_IN_LIST', notListedTexts)
const mismatch = () => new CodedError('PERSISTED_QUERY_HASH_MISMATCH', mismatchTexts)
const unsupported = () => new CodedError('PERSISTED_QUERY_NOT_SUPPORTED', unsupportedTexts)
