import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { json, listen, serve, type HttpServer, type Route } from './server.ts'
import { limits } from '../limits.ts'
import { openLog, type Log } from '../log.ts'
import { Forbidden } from '../problems.ts'

let http: HttpServer
let letGo: () => void
const held = new Promise<void>((resolve) => (letGo = resolve))
const streamed: string[] = []
const ask = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${http.port}${path}`, init)

beforeAll(async () => {
  http = await serve(
    [
      { method: 'GET', path: '/things/:name', handle: ({ parameters }) => json(200, parameters) },
      { method: 'GET', path: '/files/*', handle: ({ parameters }) => json(200, parameters) },
      { method: 'POST', path: '/echo', handle: ({ body }) => json(200, { length: body.length }) },
      { method: 'GET', path: '/held', handle: () => held.then(() => json(200, {})) },
      {
        method: 'GET',
        path: '/streams/:name',
        handle: ({ parameters: { name = '' } }) => ({
          status: 200,
          stream: (to) => {
            streamed.push(name)
            to.end(name)
          },
        }),
      },
      { method: 'GET', path: '/forbidden', handle: () => Promise.reject(new Forbidden()) },
      { method: 'GET', path: '/broken', handle: () => Promise.reject(new Error('secret of the house')) },
    ],
    { host: '127.0.0.1', port: 0, log: openLog('silent', 'test') },
  )
})
afterAll(() => http.stop())

it('finds routes by method and path, and gives their parts', async () => {
  expect(await (await ask('/things/a%20b?x=1')).json()).toEqual({ name: 'a b' })
  expect(await (await ask('/files/a/b.css')).json()).toEqual({ rest: 'a/b.css' })
  expect((await ask('/nothing')).status).toBe(404)
  expect((await ask('/things/a', { method: 'HEAD' })).status).toBe(200)
})

it('says what may be asked where another method is', async () => {
  const put = await ask('/echo', { method: 'PUT', body: '' })
  expect([put.status, put.headers.get('allow')]).toEqual([405, 'POST'])
  expect(await put.json()).toMatchObject({
    errors: [{ message: 'Di sini hanya ada POST', extensions: { code: 'BAD_REQUEST' } }],
  })
  expect((await ask('/things/a', { method: 'POST', body: '' })).headers.get('allow')).toBe('GET, HEAD')
  expect((await ask('/nothing', { method: 'PUT' })).status).toBe(404)
})

it('says that it is being opened while nothing is there', async () => {
  const opening = await listen({ host: '127.0.0.1', port: 0, log: openLog('silent', 'test') })
  const health = () => fetch(`http://127.0.0.1:${opening.port}/health`)
  const early = await health()
  expect([early.status, await early.json()]).toMatchObject([503, { errors: [{ extensions: { retryable: true } }] }])
  opening.mount([{ method: 'GET', path: '/health', handle: () => json(200, {}) }])
  expect((await health()).status).toBe(200)
  await opening.stop()
})

it('answers what is in flight when it stops, and nothing more over the same connection', async () => {
  let arrived = () => undefined as void
  let answer = () => undefined as void
  const isThere = new Promise<void>((resolve) => (arrived = resolve))
  const mayGo = new Promise<void>((resolve) => (answer = resolve))
  const handle = async () => {
    arrived()
    await mayGo
    return json(200, { whole: true })
  }
  const stopping = await serve([{ method: 'GET', path: '/held', handle }], {
    host: '127.0.0.1',
    port: 0,
    log: openLog('silent', 'test'),
  })
  const asked = fetch(`http://127.0.0.1:${stopping.port}/held`)
  await isThere
  const stopped = stopping.stop()
  answer()
  const answered = await asked
  expect([await answered.json(), answered.headers.get('connection')]).toEqual([{ whole: true }, 'close'])
  await stopped
})

it('refuses a path that cannot be decoded, saying what was expected', async () => {
  const response = await ask('/things/%E0%A4%A')
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT', field: 'path' } }] })
})

it('refuses a body beyond the limit', async () => {
  expect((await ask('/echo', { method: 'POST', body: 'x'.repeat(limits.bodyBytesMax) })).status).toBe(200)
  expect((await ask('/echo', { method: 'POST', body: 'x'.repeat(limits.bodyBytesMax + 1) })).status).toBe(413)
})

it('says nothing in the log of whoever goes in the middle of a body', async () => {
  const said: string[] = []
  const say = (_: object, message: string) => void said.push(message)
  const log: Log = { debug: say, info: say, warn: say, error: say }
  const echo = { method: 'POST', path: '/echo', handle: ({ body }) => json(200, { body }) } satisfies Route
  const quiet = await serve([echo], { host: '127.0.0.1', port: 0, log })
  const gone = new Promise<void>((resolve) => quiet.server.once('request', (request) => request.once('close', () => resolve())))
  const socket = connect(quiet.port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write('POST /echo HTTP/1.1\r\nhost: pasar\r\ncontent-length: 10\r\n\r\nhalf', () => socket.resetAndDestroy())
  await gone
  await quiet.stop()
  expect(said).toEqual([])
})

it('answers coded failures with their code and hides all others', async () => {
  expect((await ask('/forbidden')).status).toBe(403)
  const broken = await ask('/broken')
  expect(broken.status).toBe(500)
  expect(await broken.text()).not.toContain('secret')
})

it('begins a stream only when its turn to be written has come', async () => {
  expect(await (await ask('/streams/alone')).text()).toBe('alone')
  const socket = connect(http.port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += String(chunk)))
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const get = (path: string, connection: string) => `GET ${path} HTTP/1.1\r\nhost: pasar\r\nconnection: ${connection}\r\n\r\n`
  socket.write(get('/held', 'keep-alive') + get('/streams/early', 'close'))
  await ask('/things/a')
  letGo()
  await closed
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400'])
  expect(streamed).toEqual(['alone'])
})

it('tells of a port that is taken before anything is opened', async () => {
  const again = serve([], { host: '127.0.0.1', port: http.port, log: openLog('silent', 'test') })
  await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
