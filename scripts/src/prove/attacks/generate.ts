import { attack, send, type Ending, type Way } from './client.ts'
import { bomb, entityHops, nestedFilter, signInField, times } from './operations.ts'
import type { Random } from './random.ts'

/** A hostile message that a seed decided. */
export interface Hostile {
  readonly kind: string
  readonly send: (url: string) => Promise<Ending>
}

const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__typename', '__schema', 'then', 'toJSON']
const texts = ['\ud800', '\u0000', '\u202e', 'a\u0301'.repeat(50), '😀'.repeat(100), '\ufeff', '\\u{110000}', '\ufffe']

/** Objects in objects. */
const nested = (depth: number): unknown => (depth === 0 ? 1 : { and: [nested(depth - 1)] })

/** Operations of each kind; what they mean is left to chance. */
const kinds: Readonly<Record<string, (random: Random) => { query: string; variables?: Record<string, unknown> }>> = {
  'deep nesting': (random) => ({ query: entityHops(1 + random.upTo(60), 1 + random.upTo(100)) }),
  'alias storm': (random) => ({ query: `{ ${times(1 + random.upTo(3_000), (index) => `a${index}: __typename`)} }` }),
  'alias storm on fields': (random) => ({
    query: `{ ${times(1 + random.upTo(60), (index) => `a${index}: shops(first: 1) { edges { cursor } }`)} }`,
  }),
  'fragment bomb': (random) => ({ query: bomb(2 + random.upTo(9), 2 + random.upTo(40)) }),
  'fragments in circles': (random) => {
    const count = 1 + random.upTo(20)
    return {
      query: `{ ...F0 } ${times(count, (index) => `fragment F${index} on Query { ...F${(index + 1) % count} __typename }`)}`,
    }
  },
  'directive storm': (random) => ({
    query: `{ __typename ${times(1 + random.upTo(2_000), (index) => (index % 2 ? '@skip(if: false)' : '@include(if: true)'))} }`,
  }),
  'unknown directives': (random) => ({
    query: `{ __typename ${times(1 + random.upTo(60), (index) => `@${random.of(names)}${index}`)} }`,
  }),
  'huge list': (random) => ({
    query: `{ products(first: ${random.of([101, 1e6, 2 ** 31, -1, 0, 1e300])}) { edges { node { variants { id } } } } }`,
  }),
  'huge argument': (random) => ({
    query: 'query ($f: ProductFilter) { products(filter: $f) { edges { cursor } } }',
    variables: { f: { regencyCodes: Array.from({ length: random.upTo(5_000) }, () => '31.73') } },
  }),
  'deep variables': (random) => ({
    query: 'query ($f: ProductFilter) { products(filter: $f) { edges { cursor } } }',
    variables: { f: nested(1 + random.upTo(400)) },
  }),
  'deep values': (random) => ({ query: `{ products(filter: ${nestedFilter(1 + random.upTo(300))}) { edges { cursor } } }` }),
  'bad unicode': (random) => ({ query: `{ shops(search: ${JSON.stringify(random.of(texts))}) { edges { cursor } } }` }),
  'bad unicode as syntax': (random) => ({ query: `{ ${random.of(texts)} }` }),
  'prototype names': (random) => ({
    query: `query ${random.of(names)}($${random.of(names)}: String) { ${random.of(names)}: __typename ...${random.of(names)} } fragment ${random.of(names)} on Query { ${random.of(names)}: __typename }`,
    variables: { [random.of(names)]: { [random.of(names)]: 'x' } },
  }),
  'sign-ins at once': (random) => ({
    query: `mutation { ${times(2 + random.upTo(10), (index) => `a${index}: ${signInField('a@pasar.example')}`)} }`,
  }),
  introspection: (random) => {
    const depth = random.upTo(30)
    return { query: `{ __schema { types { ${'ofType { '.repeat(depth)} name ${'}'.repeat(depth)} } } }` }
  },
  'tokens at random': (random) => ({
    query: times(1 + random.upTo(400), () =>
      random.of(['{', '}', '(', ')', '...', 'on', 'query', '$a', ':', '"', '"""', '#', '@', '!', '[', ']', '1e9', 'a']),
    ),
  }),
  'overlapping fields': (random) => ({
    query: `{ ${times(1 + random.upTo(100), (index) => `a: products(first: ${index % 3}) { edges { cursor } }`)} }`,
  }),
  'inner fields': (random) => ({
    query: `${random.of(['query', 'mutation', 'subscription'])} { ${random.of(['_entities(representations: [{__typename: "User", id: "x"}])', '_service', 'usersFreezeAddress', 'productsReserve(input: {})'])} { __typename } }`,
  }),
  'what is not theirs': (random) => ({
    query: `{ ${random.of(['me { email }', 'auditLog { edges { cursor } }', 'users { edges { node { email } } }', 'trialBalance { sum { amount } }'])} }`,
  }),
}

const post = (url: string, headers: Record<string, string>, body: NonNullable<RequestInit['body']>) =>
  send(`${url}/graphql`, { method: 'POST', headers, body, ...(body instanceof ReadableStream && { duplex: 'half' }) })
const json = { 'content-type': 'application/json' }

/** Messages that are no operations. */
const broken: Readonly<Record<string, (random: Random) => (url: string) => Promise<Ending>>> = {
  'invalid JSON': (random) => (url) =>
    post(
      url,
      json,
      random.of([
        '{',
        '[',
        '"',
        'null',
        '1',
        '{"query":',
        '{"query":{}}',
        '[]',
        '{"query":"{a}","variables":"x"}',
        '\u0000',
        '{"__proto__":{"query":"{ __typename }"}}',
      ]),
    ),
  'oversized body': (random) => (url) =>
    post(url, json, `{"query":"{ __typename } #${'x'.repeat(256 * 1024 + random.upTo(500_000))}"}`).catch(() => ({
      status: 413,
      codes: ['BAD_REQUEST'],
      text: '',
    })),
  'deep JSON': (random) => (url) => {
    const depth = 1 + random.upTo(20_000)
    return post(url, json, `{"query":"{ __typename }","variables":${'{"a":'.repeat(depth)}{}${'}'.repeat(depth)}}`)
  },
  'bytes that are no text': (random) => (url) =>
    post(url, json, Buffer.from(Array.from({ length: 1 + random.upTo(1_000) }, () => random.upTo(256)))),
  'slow body': () => (url) => post(url, json, slowly('{"query":"{ __typename }"}')),
}

/** A body that comes a few bytes at a time. */
const slowly = (text: string): Blob | ReadableStream =>
  new ReadableStream({
    async start(controller) {
      for (let at = 0; at < text.length; at += 5) {
        controller.enqueue(new TextEncoder().encode(text.slice(at, at + 5)))
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      controller.close()
    },
  })

/** The next hostile message. */
export function nextHostile(random: Random, ways: readonly Way[]): Hostile {
  const brokenKinds = Object.keys(broken)
  const index = random.upTo(Object.keys(kinds).length * 4 + brokenKinds.length)
  if (index < brokenKinds.length) {
    const kind = brokenKinds[index]!
    return { kind, send: broken[kind]!(random) }
  }
  const kind = random.of(Object.keys(kinds))
  const what = kinds[kind]!(random)
  const way = random.of([...ways, 'http' as const])
  return { kind: `${kind} (${way})`, send: (url) => attack(url, way, what) }
}
