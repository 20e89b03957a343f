import { describe, expect, it } from 'vitest'
import { AnswerReader, type WholeAnswer } from './answer.ts'

const text = '{"data":{"price":53500,"name":"Kopi Toraja ☕"}}'
const bytes = Buffer.byteLength(text)
const chunk = (part: Buffer) => `${part.length.toString(16)}\r\n${part.toString('latin1')}\r\n`
const parts = [Buffer.from(text).subarray(0, 7), Buffer.from(text).subarray(7, 40), Buffer.from(text).subarray(40)]
const latin = Buffer.from(text).toString('latin1')

const forms: Readonly<Record<string, string>> = {
  'with a length': `HTTP/1.1 200 OK\r\nContent-Length: ${bytes}\r\nKeep-Alive: timeout=5\r\n\r\n${latin}`,
  'in chunks': `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nkeep-alive:timeout=5\r\n\r\n${parts.map(chunk).join('')}0\r\n\r\n`,
  'in chunks with extensions and trailers': `HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\nKEEP-ALIVE: max=9, timeout=5\r\n\r\n${parts
    .map(chunk)
    .join('')
    .replaceAll(/^([\da-f]+)\r/gm, '$1;a=b\r')}0\r\nx-time: 3\r\nx-more: 4\r\n\r\n`,
  'after one that is not final': `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 200\r\nkeep-alive: timeout=5\r\ncontent-length:${bytes}\r\n\r\n${latin}`,
}

/** Reads an answer that comes in these pieces, and says which piece completed it. */
function read(pieces: readonly Buffer[], reader = new AnswerReader(10_000)): readonly [WholeAnswer | undefined, number] {
  const shared = Buffer.alloc(4_096)
  for (const [index, piece] of pieces.entries()) {
    // As a socket does it: every piece is in the same place.
    piece.copy(shared)
    const answer = reader.take(shared.subarray(0, piece.length))
    if (answer) return [answer, index]
  }
  return [undefined, -1]
}

const bytesOf = (form: string) => Buffer.from(form, 'latin1')
const whole = { status: 200, text, idleMs: 4_000 }

describe('an answer of a subgraph', () => {
  it.each(Object.entries(forms))('is read %s, wherever it is cut', (_, form) => {
    const all = bytesOf(form)
    for (let cut = 0; cut <= all.length; cut++) {
      const [answer] = read([all.subarray(0, cut), all.subarray(cut)].filter(({ length }) => length > 0))
      expect(answer, `cut at ${cut}`).toEqual(whole)
    }
    const single = Array.from(all, (byte) => Buffer.from([byte]))
    expect(read(single)).toEqual([whole, single.length - 1])
  })

  it('can be followed by another on the same connection', () => {
    const reader = new AnswerReader(10_000)
    for (const form of [...Object.values(forms), ...Object.values(forms)]) expect(read([bytesOf(form)], reader)[0]).toEqual(whole)
  })

  it('without a length ends with its connection', () => {
    const reader = new AnswerReader(10_000)
    expect(read([bytesOf('HTTP/1.1 502 Bad Gateway\r\n\r\nsor'), bytesOf('ry')], reader)[0]).toBeUndefined()
    expect(reader.end()).toEqual({ status: 502, text: 'sorry', idleMs: 0 })
  })

  it.each([
    ['says so', 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}', 0],
    ['is of HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\n{}', 0],
    ['is of HTTP/1.0 and says otherwise', 'HTTP/1.0 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\n{}', 30_000],
    ['lets it go at once', 'HTTP/1.1 200 OK\r\nkeep-alive: timeout=1\r\ncontent-length: 2\r\n\r\n{}', 0],
    ['says nothing', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}', 30_000],
  ])('ends its connection when it %s', (_, form, idleMs) => {
    expect(read([bytesOf(form)])[0]).toEqual({ status: 200, text: '{}', idleMs })
  })

  it('that has no body is whole without one', () => {
    expect(read([bytesOf('HTTP/1.1 204 No Content\r\n\r\n')])[0]).toMatchObject({ status: 204, text: '' })
  })

  it.each([
    ['another protocol', 'SSH-2.0-OpenSSH\r\n\r\n'],
    ['HTTP/2', 'HTTP/2 200\r\n\r\n'],
    ['a change of protocol', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}'],
    ['a length and chunks', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n'],
    ['a coding that nobody asked for', 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n'],
    ['a negative length', 'HTTP/1.1 200 OK\r\ncontent-length: -2\r\n\r\n{}'],
    ['a chunk without length', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n'],
    ['a chunk that is longer than it says', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}}\r\n0\r\n\r\n'],
    ['more than its length', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}{}'],
    ['more than its last chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\nHTTP'],
    ['a head without end', `HTTP/1.1 200 OK\r\n${'x-much: 1\r\n'.repeat(2_000)}`],
    ['a chunk line without end', `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;${'x'.repeat(2_000)}`],
  ])('is refused when it is %s', (_, form) => {
    const all = bytesOf(form)
    const pieces = Array.from({ length: Math.ceil(all.length / 4_096) }, (_, index) =>
      all.subarray(index * 4_096, (index + 1) * 4_096),
    )
    expect(() => read(pieces)).toThrow('not HTTP/1.1')
  })

  it.each(Object.keys(forms))('is refused when it is too large %s', (name) => {
    expect(() => read([bytesOf(forms[name]!)], new AnswerReader(bytes - 1))).toThrow(`more than ${bytes - 1} bytes`)
  })
})
