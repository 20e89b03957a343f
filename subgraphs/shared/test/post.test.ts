import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { openPost, type Post, type PostLimits } from '../src/http/post.ts'

const postLimits: PostLimits = { deadlineMs: 10_000, responseBytesMax: 1_000, inFlightMax: 3, connectionsMax: 2 }
const ok = (body: string, more = '') => `HTTP/1.1 200 OK\r\n${more}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`

/** A server that says what a test wants; a request is one that came with its whole body. */
async function serveText(answer: (request: string, socket: Socket, nth: number) => void) {
  const sockets: Socket[] = []
  let requests = 0
  const server: Server = createServer((socket) => {
    sockets.push(socket)
    let text = ''
    socket.setEncoding('utf8')
    socket.on('error', () => undefined)
    socket.on('data', (piece) => {
      text += String(piece)
      const [head = '', body] = text.split('\r\n\r\n', 2)
      if (body === undefined || Buffer.byteLength(body) < Number(/content-length: (\d+)/.exec(head)?.[1])) return
      const request = text
      text = ''
      answer(request, socket, (requests += 1))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { sockets, url: `http://127.0.0.1:${port}/graphql?a=b`, close: () => server.close() }
}

describe('a way to another process', () => {
  const closing: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })
  const open = async (answer: Parameters<typeof serveText>[0], more: Partial<PostLimits> = {}) => {
    const served = await serveText(answer)
    const post: Post = openPost(served.url, { ...postLimits, ...more })
    closing.push(post.stop, served.close)
    return { ...served, post }
  }

  it('carries what was given, to the letter', async () => {
    const { post } = await open((request, socket) => socket.write(ok(JSON.stringify(request))))
    const { status, text } = await post({ authorization: 'Bearer a.b', host: 'evil', 'content-length': '1' }, '{"q":"Kopi ☕"}')
    expect(status).toBe(200)
    const request = JSON.parse(text) as string
    expect(request).toMatch(/^POST \/graphql\?a=b HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n/)
    expect(request).toContain('\r\nauthorization: Bearer a.b\r\n')
    expect(request).toContain('\r\ncontent-length: 16\r\n\r\n{"q":"Kopi ☕"}')
    expect(request).not.toContain('evil')
  })

  it.each([['a\r\nx: y'], ['a\n'], ['a\0'], ['☕']])('refuses the header %j, which could begin another', async (value) => {
    const { post, sockets } = await open((_, socket) => socket.write(ok('{}')))
    await expect(post({ 'x-name': value }, '{}')).rejects.toThrow('no header to send')
    await expect(post({ 'x\r\nname': 'a' }, '{}')).rejects.toThrow('no header to send')
    expect(sockets).toEqual([])
  })

  it('uses a connection again, unless the other side ends it', async () => {
    const { post, sockets } = await open((_, socket, nth) => socket.write(ok('{}', nth === 2 ? 'connection: close\r\n' : '')))
    await post({}, '{}')
    await post({}, '{}')
    expect(sockets).toHaveLength(1)
    await post({}, '{}')
    expect(sockets).toHaveLength(2)
    sockets[1]!.end()
    await once(sockets[1]!, 'close')
    await post({}, '{}')
    expect(sockets).toHaveLength(3)
  })

  it('lets requests wait for a connection, in their order, and refuses those that are too many', async () => {
    const held: (() => void)[] = []
    const arrived: string[] = []
    let noteHeld = () => undefined as void
    const { post, sockets } = await open((request, socket) => {
      arrived.push(request.at(-1)!)
      held.push(() => socket.write(ok('{}')))
      noteHeld()
    })
    const twoHeld = new Promise<void>((resolve) => (noteHeld = () => held.length === 2 && resolve()))
    const three = ['1', '2', '3'].map((body) => post({}, body))
    await expect(post({}, '4')).rejects.toThrow('3 requests are on their way already')
    await twoHeld
    noteHeld = () => held[2]?.()
    held[0]!()
    held[1]!()
    await Promise.all(three)
    expect(arrived.toSorted()).toEqual(['1', '2', '3'])
    expect(arrived[2]).toBe('3')
    expect(sockets).toHaveLength(2)
  })

  it('gives up what takes too long, and its connection', async () => {
    let late: Socket | undefined
    const { post, sockets } = await open(
      (_, socket, nth) => {
        if (nth === 1) late = socket
        else socket.write(ok('"second"'))
      },
      { deadlineMs: 50 },
    )
    await expect(post({}, '{}')).rejects.toThrow('no answer within 50 ms')
    late!.write(ok('"first"'))
    expect(await post({}, '{}')).toEqual({ status: 200, text: '"second"' })
    expect(sockets).toHaveLength(2)
  })

  it('believes nothing of a connection that says what nobody asked', async () => {
    const { post, sockets } = await open((_, socket, nth) => socket.write(nth === 1 ? ok('"mine"') : ok('"next"')))
    await post({}, '{}')
    const closed = once(sockets[0]!, 'close')
    sockets[0]!.write(ok('"planted"'))
    await closed
    expect((await post({}, '{}')).text).toBe('"next"')
  })

  it.each([
    ['ends within an answer', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{', 'the connection ended within an answer'],
    ['ends without an answer', '', 'the connection ended without an answer'],
    ['says too much', ok('x'.repeat(1_001)), 'an answer of more than 1000 bytes'],
    ['speaks something else', '220 smtp ready\r\n\r\n', 'not HTTP/1.1'],
  ])('rejects when the other side %s', async (_, answer, message) => {
    const { post } = await open((_, socket) => socket.end(answer))
    await expect(post({}, '{}')).rejects.toThrow(message)
  })

  it('rejects when nobody listens', async () => {
    const { url, close } = await serveText(() => undefined)
    close()
    const post = openPost(url, postLimits)
    await expect(post({}, '{}')).rejects.toThrow('ECONNREFUSED')
    await post.stop()
  })

  it('waits, when it is stopped, for what is under way', async () => {
    let answerNow = () => undefined as void
    let noteAsked = () => undefined as void
    const asked = new Promise<void>((resolve) => (noteAsked = resolve))
    const { post } = await open((_, socket) => {
      answerNow = () => void socket.write(ok('"done"'))
      noteAsked()
    })
    const running = post({}, '{}')
    await asked
    const stopped = post.stop()
    await expect(post({}, '{}')).rejects.toThrow('nothing is sent any more')
    answerNow()
    await stopped
    expect((await running).text).toBe('"done"')
  })
})
