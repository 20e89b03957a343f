/** A message, or what is sent in place of one. */
type Said = object | string | Buffer

/** One thing that happens on a socket, from the client's side. */
type Step = { readonly says: Said } | { readonly hears: object } | { readonly closed: number } | { readonly quiet: number }

/** A conversation in graphql-transport-ws. */
export interface SocketCase {
  readonly title: string
  /** What the client offers; `graphql-transport-ws` when it is left out. */
  readonly protocols?: readonly string[]
  /** The handshake itself fails. */
  readonly refused?: true
  readonly steps: readonly Step[]
}

const init: Step = { says: { type: 'connection_init' } }
const ack: Step = { hears: { type: 'connection_ack' } }
const subscribe = (id: unknown, query: unknown, more: object = {}): Step => ({
  says: { type: 'subscribe', id, payload: { query, ...more } },
})
const names = { data: { products: [{ name: 'Kopi' }, { name: 'Teh' }] } }
const prices = { data: { products: [{ price: 500 }, { price: 300 }] } }

const closesWith = (code: number, ...given: readonly (readonly [title: string, says: Said])[]): SocketCase[] =>
  given.map(([title, says]) => ({ title, steps: [init, ack, { says }, { closed: code }] }))

const longNames = ['x'.repeat(128), 'é'.repeat(100)]

/** What the protocol says of each message and its absence, against the fixture `key-of-one-field`. */
export const socketCases: readonly SocketCase[] = [
  { title: 'a greeting is acknowledged', steps: [init, ack] },
  {
    title: 'a greeting may carry parameters',
    steps: [{ says: { type: 'connection_init', payload: { 'accept-language': 'en' } } }, ack],
  },
  { title: 'a second greeting at once', steps: [init, init, { closed: 4429 }] },
  { title: 'a second greeting after the first was acknowledged', steps: [init, ack, init, { closed: 4429 }] },
  { title: 'no greeting', steps: [{ closed: 4408 }] },
  { title: 'pings are no greeting', steps: [{ says: { type: 'ping' } }, { hears: { type: 'pong' } }, { closed: 4408 }] },
  { title: 'an operation before the greeting', steps: [subscribe('1', '{ products { id } }'), { closed: 4401 }] },
  ...closesWith(
    4400,
    ['a message that is no JSON', 'hello'],
    ['a message that is empty', ''],
    ['a message that is a list', []],
    ['a message that is null', 'null'],
    ['a message without a type', { id: '1' }],
    ['a message of an unknown type', { type: 'start', id: '1', payload: { query: '{ products { id } }' } }],
    ['a message that only servers send', { type: 'next', id: '1', payload: { data: {} } }],
    ['a greeting that only servers give', { type: 'connection_ack' }],
    ['an operation without an id', { type: 'subscribe', payload: { query: '{ products { id } }' } }],
    ['an operation with an empty id', { type: 'subscribe', id: '', payload: { query: '{ products { id } }' } }],
    ['an operation whose id is a number', { type: 'subscribe', id: 1, payload: { query: '{ products { id } }' } }],
    ['an operation without a payload', { type: 'subscribe', id: '1' }],
    ['an operation without a text', { type: 'subscribe', id: '1', payload: {} }],
    ['an operation whose text is none', { type: 'subscribe', id: '1', payload: { query: 7 } }],
    [
      'an operation whose variables are a text',
      { type: 'subscribe', id: '1', payload: { query: '{ products { id } }', variables: 'x' } },
    ],
    ['an end without an id', { type: 'complete' }],
    ['a ping whose payload is a text', { type: 'ping', payload: 'x' }],
    ['a binary frame that is no message', Buffer.from([0xff, 0x00, 0x7b])],
  ),
  ...closesWith(
    1009,
    ['a message that is too long', { type: 'ping', payload: { padding: 'x'.repeat(2_000_000) } }],
    ['a binary frame that is too long', Buffer.alloc(2_000_000)],
  ),
  {
    title: 'a greeting that is too long',
    steps: [{ says: { type: 'connection_init', payload: { padding: 'x'.repeat(2_000_000) } } }, { closed: 1009 }],
  },
  {
    title: 'an operation of the same name as one that runs',
    steps: [init, ack, subscribe('1', '{ products { price } }'), subscribe('1', '{ products { name } }'), { closed: 4409 }],
  },
  ...longNames.map((name) => ({
    title: `the same, with a name of ${name.length} characters that no close frame could hold`,
    steps: [init, ack, subscribe(name, '{ products { price } }'), subscribe(name, '{ products { name } }'), { closed: 4409 }],
  })),
  {
    title: 'a name may be used again',
    steps: [
      init,
      ack,
      ...[1, 2].flatMap((): Step[] => [
        subscribe('1', '{ products { name } }'),
        { hears: { type: 'next', id: '1', payload: names } },
        { hears: { type: 'complete', id: '1' } },
      ]),
    ],
  },
  {
    title: 'a name may be any text',
    steps: [
      init,
      ack,
      subscribe('"\\ é \u0000', '{ products { name } }'),
      { hears: { type: 'next', id: '"\\ é \u0000', payload: names } },
      { hears: { type: 'complete', id: '"\\ é \u0000' } },
    ],
  },
  { title: 'another subprotocol alone', protocols: ['graphql-ws'], refused: true, steps: [] },
  { title: 'no subprotocol', protocols: [], steps: [{ closed: 4406 }] },
  { title: 'the right subprotocol among others', protocols: ['graphql-ws', 'graphql-transport-ws'], steps: [init, ack] },
  { title: 'a ping is answered', steps: [init, ack, { says: { type: 'ping' } }, { hears: { type: 'pong' } }] },
  {
    title: 'a ping is answered with what it carried',
    steps: [
      init,
      ack,
      { says: { type: 'ping', payload: { at: [1, null] } } },
      { hears: { type: 'pong', payload: { at: [1, null] } } },
    ],
  },
  {
    title: 'a pong that nobody asked for',
    steps: [
      { says: { type: 'pong' } },
      init,
      ack,
      { says: { type: 'pong', payload: {} } },
      { quiet: 50 },
      { says: { type: 'ping' } },
      { hears: { type: 'pong' } },
    ],
  },
  {
    title: 'a query',
    steps: [
      init,
      ack,
      subscribe('q', '{ products { price } }'),
      { hears: { type: 'next', id: 'q', payload: prices } },
      { hears: { type: 'complete', id: 'q' } },
      { quiet: 50 },
    ],
  },
  {
    title: 'a query with variables and a name',
    steps: [
      init,
      ack,
      subscribe('q', 'query A { products { id } } query B($p: Int!) { products { discount(percent: $p) } }', {
        variables: { p: 20 },
        operationName: 'B',
      }),
      { hears: { type: 'next', id: 'q', payload: { data: { products: [{ discount: 100 }, { discount: 60 }] } } } },
      { hears: { type: 'complete', id: 'q' } },
    ],
  },
  {
    title: 'a message in a binary frame',
    steps: [init, ack, { says: Buffer.from('{"type":"ping"}') }, { hears: { type: 'pong' } }],
  },
  {
    title: 'a text that cannot be parsed leaves the socket open',
    steps: [
      init,
      ack,
      subscribe('q', '{ products {'),
      { hears: { type: 'error', id: 'q' } },
      { quiet: 50 },
      { says: { type: 'ping' } },
      { hears: { type: 'pong' } },
    ],
  },
  {
    title: 'an operation that is not valid leaves the socket open',
    steps: [
      init,
      ack,
      subscribe('q', '{ nothing }'),
      { hears: { type: 'error', id: 'q' } },
      subscribe('q', '{ products { name } }'),
      { hears: { type: 'next', id: 'q', payload: names } },
    ],
  },
  {
    title: 'a variable of another kind',
    steps: [
      init,
      ack,
      subscribe('q', 'query ($p: Int!) { products { discount(percent: $p) } }', { variables: { p: 'x' } }),
      { hears: { type: 'error', id: 'q' } },
    ],
  },
  {
    title: 'an operation that is not there',
    steps: [
      init,
      ack,
      subscribe('q', 'query A { products { id } }', { operationName: 'B' }),
      { hears: { type: 'error', id: 'q' } },
    ],
  },
  {
    title: 'the end of what does not run',
    steps: [
      init,
      ack,
      { says: { type: 'complete', id: 'nothing' } },
      { quiet: 50 },
      { says: { type: 'ping' } },
      { hears: { type: 'pong' } },
    ],
  },
  {
    title: 'an operation that is ended at once says nothing more',
    steps: [
      init,
      ack,
      subscribe('q', '{ products { price } }'),
      { says: { type: 'complete', id: 'q' } },
      { quiet: 150 },
      { says: { type: 'ping' } },
      { hears: { type: 'pong' } },
    ],
  },
]
