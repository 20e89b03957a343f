import { remembered } from '../flow/remembered.ts'

/** An answer as text. */
export interface PostAnswer {
  readonly status: number
  readonly text: string
}

/** An answer that is whole, and whether its connection may carry another. */
export interface WholeAnswer extends PostAnswer {
  /** How long the connection may lie idle; 0 when it ends with this answer. */
  readonly idleMs: number
}

/** What an answer's head says of its body: how many bytes, in chunks, or all until the connection ends. */
interface Head {
  readonly status: number
  readonly body: number | 'chunked' | 'until the end'
  readonly idleMs: number
}

const headBytesMax = 16 * 1024
/** Of the line that says how long a chunk is, and of a line behind the last one. */
const lineBytesMax = 1_024
const idleMsMax = 30_000
/** A server that ends an idle connection does not know what is under way to it. */
const idleMarginMs = 1_000
const nothing = Buffer.alloc(0)

/** Says what is wrong with an answer, and that nothing on its connection can be believed. */
const malformed = (what: string) => new Error(`an answer that is not HTTP/1.1: ${what}`)

/**
 * Reads the answers on one connection, one at a time (RFC 9112). Strict: what is in doubt, such as two lengths, is refused. Most answers
 * come in one piece, and are read without a copy. A class, because it remembers between pieces.
 */
export class AnswerReader {
  readonly #bytesMax: number
  #rest: Buffer = nothing
  #head: Head | undefined
  #parts: Buffer[] = []
  #size = 0
  /** Bytes that the present chunk still lacks, its line end included; undefined between two chunks. */
  #chunkLeft: number | undefined
  /** Whether the last chunk has come, and lines may follow. */
  #trailing = false

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  /** Whether a part of an answer has come. */
  get begun(): boolean {
    return this.#head !== undefined || this.#rest.length > 0
  }

  /** Takes a piece, which may change afterwards; returns the answer that it completes. Throws for what is no answer, or is too large. */
  take(piece: Buffer): WholeAnswer | undefined {
    let bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece])
    this.#rest = nothing
    while (!this.#head) {
      const end = bytes.indexOf('\r\n\r\n')
      if (end < 0) return this.#keep(bytes, headBytesMax)
      const head = headOf(bytes.toString('latin1', 0, end))
      bytes = bytes.subarray(end + 4)
      // 103 and the like come before the answer.
      if (head.status >= 200) this.#head = head
    }
    const { body } = this.#head
    if (body === 'chunked') return this.#takeChunks(bytes)
    if (body === 'until the end') return this.#add(bytes)
    if (body > this.#bytesMax) throw this.#tooLarge()
    if (bytes.length > body - this.#size) throw malformed('more than its length')
    if (this.#size === 0 && bytes.length === body) return this.#whole(bytes)
    this.#add(bytes)
    return this.#size === body ? this.#whole() : undefined
  }

  /** The connection has ended; returns the answer that this completes. */
  end(): WholeAnswer | undefined {
    return this.#head?.body === 'until the end' ? this.#whole() : undefined
  }

  #takeChunks(all: Buffer): WholeAnswer | undefined {
    let bytes = all
    for (;;) {
      if (this.#chunkLeft !== undefined) {
        const now = Math.min(bytes.length, this.#chunkLeft)
        this.#addOfChunk(bytes.subarray(0, now))
        bytes = bytes.subarray(now)
        if (this.#chunkLeft > 0) return undefined
        this.#chunkLeft = undefined
      }
      const end = bytes.indexOf('\r\n')
      if (end < 0) return this.#keep(bytes, lineBytesMax)
      const line = bytes.toString('latin1', 0, end)
      bytes = bytes.subarray(end + 2)
      if (this.#trailing) {
        if (line !== '') continue
        if (bytes.length > 0) throw malformed('more than its last chunk')
        return this.#whole()
      }
      const length = chunkLength(line)
      if (length === 0) this.#trailing = true
      else this.#chunkLeft = length + 2
    }
  }

  /** The last two bytes of a chunk are its line's end. */
  #addOfChunk(bytes: Buffer): void {
    const left = this.#chunkLeft! - bytes.length
    const content = Math.max(0, bytes.length - Math.max(0, 2 - left))
    if (bytes.subarray(content).some((byte, index, ends) => byte !== (left + ends.length - index === 2 ? 13 : 10))) {
      throw malformed('a chunk of another length')
    }
    this.#chunkLeft = left
    this.#add(bytes.subarray(0, content))
  }

  #add(bytes: Buffer): undefined {
    if (bytes.length === 0) return undefined
    this.#size += bytes.length
    if (this.#size > this.#bytesMax) throw this.#tooLarge()
    this.#parts.push(Buffer.from(bytes))
    return undefined
  }

  #keep(bytes: Buffer, bytesMax: number): undefined {
    if (bytes.length > bytesMax) throw malformed('a line without end')
    this.#rest = Buffer.from(bytes)
    return undefined
  }

  #whole(bytes: Buffer = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts)): WholeAnswer {
    const { status, idleMs, body } = this.#head!
    this.#head = undefined
    this.#parts = []
    this.#size = 0
    this.#trailing = false
    return { status, text: bytes.toString('utf8'), idleMs: body === 'until the end' ? 0 : idleMs }
  }

  #tooLarge(): Error {
    return new Error(`an answer of more than ${this.#bytesMax} bytes`)
  }
}

const statusLine = /^HTTP\/1\.([01]) (\d{3})(?: |\r\n|$)/

/** A server sends the same few heads over and over, until its date changes; reading one takes six times as long as remembering it. */
const headOf = remembered(1_000, readHead)

function readHead(text: string): Head {
  const [all, minor, digits] = statusLine.exec(text) ?? []
  if (all === undefined) throw malformed('no status')
  const status = Number(digits)
  if (status === 101) throw malformed('another protocol')
  const fields = readFields(text)
  const connection = fields.connection.toLowerCase()
  const lasts = minor === '1' ? !connection.includes('close') : connection.includes('keep-alive')
  return { status, body: bodyOf(status, fields), idleMs: lasts ? idleMsOf(fields.keepAlive) : 0 }
}

interface Fields {
  readonly length: string | undefined
  readonly coding: string | undefined
  readonly connection: string
  readonly keepAlive: string | undefined
}

const named = /\r\n(content-length|transfer-encoding|connection|keep-alive)[ \t]*:[ \t]*([^\r\n]*)/gi

/** The few fields that matter here; those that come twice are joined, as lists are. */
function readFields(text: string): Fields {
  const found: Record<string, string> = {}
  for (const [, name, value] of text.matchAll(named)) {
    const key = name!.toLowerCase()
    found[key] = found[key] === undefined ? value!.trim() : `${found[key]}, ${value!.trim()}`
  }
  return {
    length: found['content-length'],
    coding: found['transfer-encoding'],
    connection: found['connection'] ?? '',
    keepAlive: found['keep-alive'],
  }
}

function bodyOf(status: number, { length, coding }: Fields): Head['body'] {
  if (status === 204 || status === 304) return 0
  if (coding !== undefined) {
    if (length !== undefined || coding.toLowerCase() !== 'chunked') throw malformed('an unknown form of its body')
    return 'chunked'
  }
  if (length === undefined) return 'until the end'
  if (!/^\d{1,15}$/.test(length)) throw malformed('an unknown length')
  return Number(length)
}

function idleMsOf(keepAlive: string | undefined): number {
  const seconds = /\btimeout=(\d+)/i.exec(keepAlive ?? '')?.[1]
  return seconds === undefined ? idleMsMax : Math.max(0, Math.min(idleMsMax, Number(seconds) * 1_000 - idleMarginMs))
}

function chunkLength(line: string): number {
  const digits = /^([\da-f]{1,8})[ \t]*(?:;.*)?$/i.exec(line)?.[1]
  if (digits === undefined) throw malformed('a chunk without length')
  return Number.parseInt(digits, 16)
}
