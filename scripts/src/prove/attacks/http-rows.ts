import { request } from 'node:http'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { attack, send } from './client.ts'
import { signInField, times } from './operations.ts'
import { hold, type Row } from './row.ts'

const json = { 'content-type': 'application/json' }
const query = '{ __typename }'
const body = JSON.stringify({ query })

const post = (url: string, headers: Record<string, string>, text: NonNullable<RequestInit['body']>) =>
  send(`${url}/graphql`, { method: 'POST', headers, body: text })

/** Headers as they are, which fetch would not send; the status of the answer. */
const rawStatus = (
  url: string,
  options: { readonly method?: string; readonly headers: readonly string[]; readonly body?: string },
) =>
  new Promise<number>((resolve) => {
    const sent = request(
      `${url}/graphql`,
      { method: options.method ?? 'POST', headers: options.headers, agent: false },
      (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      },
    )
    sent.on('error', () => resolve(0))
    sent.on('upgrade', (_, socket) => {
      socket.destroy()
      resolve(101)
    })
    sent.end(options.body)
  })

const upgrade = [
  'connection',
  'Upgrade',
  'upgrade',
  'websocket',
  'sec-websocket-version',
  '13',
  'sec-websocket-key',
  'dGhlIHNhbXBsZSBub25jZQ==',
]

/** Attacks on the way in over HTTP. */
export const httpRows: readonly Row[] = [
  {
    id: 'T08',
    what: '200 exotic charsets',
    run: async ({ url }) => {
      for (let index = 0; index < 200; index += 1) {
        const charset = index === 0 ? 'utf-7' : `${'x'.repeat(index * 40)}-${index}`
        const { status } = await post(url, { 'content-type': `application/json; charset=${charset}` }, body)
        hold(status === 415, `charset ${charset.slice(0, 20)} was answered with ${status}`)
      }
      return '415 each'
    },
  },
  {
    id: 'T09',
    what: 'GET with 30 content types',
    run: async ({ url }) => {
      for (let index = 0; index < 30; index += 1) {
        const type = ['text/plain', 'application/json', 'message/partial', '', '*/*', 'application/json;foo'][index % 6]!
        const { text } = await send(`${url}/graphql?query=${encodeURIComponent(query)}&n=${index}`, {
          headers: { 'content-type': type },
        })
        hold(!text.includes('"__typename":"Query"'), `GET with ${type} ran an operation`)
      }
      return 'none ran'
    },
  },
  {
    id: 'T10',
    what: 'a batch of operations',
    run: async ({ url, buyer }) => {
      const { status } = await post(url, json, `[${body},${body}]`)
      hold(status === 400, `a batch was answered with ${status}`)
      const own = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { ...json, authorization: `Bearer ${buyer.token}` },
        body: JSON.stringify({ query: '{ me { email } }' }),
      })
      hold(own.headers.get('cache-control') === 'no-store', 'what is private may be kept')
      return '400; private answers say no-store'
    },
  },
  {
    id: 'T13',
    what: 'an upgrade with 2,000 headers',
    run: async ({ url }) => {
      const headers = [...upgrade, ...Array.from({ length: 2_000 }, (_, index) => [`x-${index}`, '1']).flat()]
      const status = await rawStatus(url, { method: 'GET', headers })
      hold((await post(url, json, body)).status === 200, 'the router is gone')
      return `${status}, the router answers`
    },
  },
  {
    id: 'T14',
    what: 'a protocol header of 12 kB, as much as Node takes',
    run: async ({ url, usage }) => {
      const headers = [...upgrade, 'sec-websocket-protocol', times(4_000, () => 'a', ', ')]
      await usage()
      await rawStatus(url, { method: 'GET', headers })
      const { cpuMs } = await usage()
      hold(cpuMs < 50, `it took ${cpuMs} ms`)
      return `${cpuMs.toFixed(1)} ms of CPU`
    },
  },
  {
    id: 'T24',
    what: 'many tries at once: 50 connections, 300 sign-ins, invented addresses',
    run: async ({ boundedUrl }) => {
      const began = performance.now()
      const tryOne = (index: number) =>
        send(`${boundedUrl}/graphql`, {
          method: 'POST',
          headers: { ...json, 'x-forwarded-for': `203.0.113.${index % 250}` },
          body: JSON.stringify({ query: `mutation { ${signInField(`nobody-${index}@pasar.example`)} }` }),
        })
      const endings = (
        await Promise.all(
          Array.from({ length: 50 }, async (_, lane) => {
            const codes: string[] = []
            for (let index = 0; index < 6; index += 1) codes.push(...(await tryOne(lane * 6 + index)).codes)
            return codes
          }),
        )
      ).flat()
      const limited = endings.filter((code) => code === 'RATE_LIMITED').length
      // 120 at once, and two more with each second.
      const allowed = 122 + (2 * (performance.now() - began)) / 1_000
      hold(endings.length === 300, `${endings.length} of 300 were answered`)
      hold(300 - limited <= allowed, `${300 - limited} of 300 were let through`)
      return `${limited} of 300 refused with RATE_LIMITED`
    },
  },
  {
    id: 'T24',
    what: 'one account from many connections',
    run: async ({ url }) => {
      const email = 'dicoba-banyak@pasar.example'
      await attack(url, 'http', {
        query: `mutation { register(input: { email: "${email}", name: "x", password: "sebuah-rahasia-panjang" }) { __typename } }`,
      })
      const tries = Array.from({ length: 12 }, (_, index) =>
        attack(url, 'http', { query: `mutation { ${signInField(email, `salah-${index}-sekali`)} }` }),
      )
      const codes = (await Promise.all(tries)).flatMap((ending) => ending.codes)
      const read = codes.filter((code) => code === 'SIGN_IN_REFUSED').length
      hold(read <= 5, `${read} passwords were tried`)
      return `${read} of 12 passwords looked at`
    },
  },
  {
    id: 'T26',
    what: 'subgraphs without a signature',
    run: async ({ subgraphUrls }) => {
      for (const url of Object.values(subgraphUrls)) {
        for (const text of ['{ _service { sdl } }', '{ _entities(representations: []) { __typename } }', query]) {
          const { status } = await post(url, json, JSON.stringify({ query: text }))
          hold(status === 401, `a subgraph answered ${status}`)
        }
      }
      return '401 each; a thousand more in prove:authorization'
    },
  },
  {
    id: 'T29',
    what: 'mutations by GET, form, multipart and plain text',
    run: async ({ url }) => {
      const mutation = 'mutation { createCart { __typename } }'
      const form = new FormData()
      form.append('operations', JSON.stringify({ query: mutation }))
      const endings = [
        await send(`${url}/graphql?query=${encodeURIComponent(mutation)}`, {}),
        await post(url, {}, new URLSearchParams({ query: mutation })),
        await post(url, {}, form),
        await post(url, { 'content-type': 'text/plain' }, JSON.stringify({ query: mutation })),
        await post(url, { 'content-type': 'application/graphql' }, mutation),
      ]
      hold(
        endings.every(({ status }) => status === 405 || status === 415),
        endings.map(({ status }) => status).join(', '),
      )
      return endings.map(({ status }) => status).join(', ')
    },
  },
  {
    id: 'T30',
    what: 'persisted operations: unknown, wrong and far too many hashes',
    run: async ({ url, usage }) => {
      const persisted = (hash: string, text?: string) =>
        post(
          url,
          json,
          JSON.stringify({ ...(text && { query: text }), extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }),
        )
      const unknown = await persisted('0'.repeat(64))
      hold(unknown.codes.includes('PERSISTED_QUERY_NOT_FOUND'), `an unknown hash was answered with ${unknown.text}`)
      const wrong = await persisted('1'.repeat(64), query)
      hold(wrong.codes.length > 0, 'a hash of another text was taken')
      const before = await usage(true)
      const { createHash } = await import('node:crypto')
      for (let index = 0; index < 2_000; index += 1) {
        const text = `{ a${index}: __typename } #${'x'.repeat(2_000)}`
        await persisted(createHash('sha256').update(text).digest('hex'), text)
      }
      const grown = (await usage(true)).heapMb - before.heapMb
      hold(grown < 20, `2,000 registrations keep ${grown.toFixed(0)} MB`)
      return `not found, refused; 2,000 registrations keep ${grown.toFixed(1)} MB`
    },
  },
  {
    id: 'T31',
    what: 'headers that pretend: an inner identity, a second authorization',
    run: async ({ url, buyer }) => {
      const text = JSON.stringify({ query: '{ me { email } }' })
      for (const name of ['x-user-id', 'x-pasar-viewer', 'x-internal-user', 'x-forwarded-user']) {
        const { codes } = await post(url, { ...json, [name]: buyer.accountId }, text)
        hold(codes.includes('UNAUTHENTICATED'), `${name} was believed`)
      }
      const twice = [
        'content-type',
        'application/json',
        'host',
        'x',
        'authorization',
        'Bearer nothing',
        'authorization',
        `Bearer ${buyer.token}`,
      ]
      hold(
        (await rawStatus(url, { headers: [...twice, 'content-length', String(text.length)], body: text })) === 401,
        'a second one counts',
      )
      return 'none is believed'
    },
  },
  {
    id: 'T35',
    what: 'bodies that are too big, zipped, or behind 100 kB of headers',
    run: async ({ url }) => {
      const big = await post(url, json, JSON.stringify({ query: `{ __typename } #${'x'.repeat(2_000_000)}` })).catch(() => ({
        status: 413,
      }))
      const zipped = await post(url, { ...json, 'content-encoding': 'gzip' }, gzipSync(Buffer.alloc(10_000_000)))
      const headed = await rawStatus(url, {
        headers: ['host', 'x', ...Array.from({ length: 100 }, (_, index) => [`x-${index}`, 'y'.repeat(1_000)]).flat()],
      })
      hold(big.status === 413, `a big body was answered with ${big.status}`)
      hold(zipped.status === 400 || zipped.status === 415, `a zipped body was answered with ${zipped.status}`)
      hold(headed === 431 || headed === 0, `100 kB of headers were answered with ${headed}`)
      return `${big.status}, ${zipped.status}, ${headed}`
    },
  },
  {
    id: 'T35',
    what: '200 connections that send their headers a byte at a time',
    run: async ({ url, say }) => {
      const { port } = new URL(url)
      const sockets = Array.from({ length: 200 }, () => connect(Number(port), '127.0.0.1'))
      const drips = setInterval(() => sockets.forEach((socket) => socket.writable && socket.write('x')), 1_000)
      for (const socket of sockets) socket.on('error', () => undefined).write('POST /graphql HTTP/1.1\r\nhost: x\r\nx-slow: ')
      hold((await post(url, json, body)).status === 200, 'the router has no ear for others')
      say('waiting until the router gives slow connections up …')
      const began = performance.now()
      await Promise.all(sockets.map((socket) => new Promise<void>((resolve) => socket.on('close', () => resolve()).resume())))
      clearInterval(drips)
      const seconds = (performance.now() - began) / 1_000
      hold(seconds < 60, `they were given up after ${seconds} s`)
      return `others are answered; all given up after ${seconds.toFixed(0)} s`
    },
  },
]
