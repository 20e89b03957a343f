import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { derivedId, newId } from '@pasar/shared/ids'
import { attack, send, type Attack } from './client.ts'
import { signInField } from './operations.ts'
import { hold, type Arena, type Person, type Row } from './row.ts'

const ask = (arena: Arena, person: Person, what: Attack) => attack(arena.url, 'http', { ...what, token: person.token })

/** What must never be told to a stranger. */
const secretsOf = ({ buyer, seller }: Arena) => [buyer.email, seller.email, 'Tebet Barat', '+6281234567890', 'Budi Santoso']

const hostileTexts = [
  "' OR 1=1 --",
  "'; DROP TABLE account; --",
  '%27%20OR%201=1',
  '*3\\r\\n$3\\r\\nSET\\r\\n',
  'a\\r\\nSet-Cookie: x=1',
  '${jndi:ldap://x}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '../../etc/passwd',
  '\\u0000',
  'a\\u0000b',
  '\\ud800',
  '\\u202egnp.exe',
  'раsаr@pasar.example',
  '\\u0041\\u0301'.repeat(40),
  'x'.repeat(4_000),
  '%s%s%n',
  '-1',
  'null',
  '[object Object]',
]

const withText = (text: string): readonly string[] => [
  `{ shops(search: "${text}") { edges { node { id } } } }`,
  `{ shopBySlug(slug: "${text}") { id } }`,
  `{ product(id: "${text}") { id } }`,
  `{ products(filter: { text: "${text}" }) { edges { cursor } } }`,
  `{ products(after: "${text}") { edges { cursor } } }`,
  `{ searchRegencies(text: "${text}") { code } }`,
  `{ districts(regencyCode: "${text}") { code } }`,
  `mutation { ${signInField(text, text)} }`,
  `mutation { register(input: { email: "${text}", name: "${text}", password: "${text}" }) { __typename } }`,
  `mutation { requestPasswordReset(input: { email: "${text}" }) { __typename } }`,
  `mutation { refreshSession(input: { refreshToken: "${text}" }) { __typename } }`,
]

/** Attacks by people on what belongs to others, and by what they write. */
export const peopleRows: readonly Row[] = [
  {
    id: 'T25',
    what: 'what belongs to somebody else: by id, by forged id, by nested edges',
    run: async (arena) => {
      const { buyer, stranger } = arena
      const address = derivedId('address', 'demo', buyer.email)
      const ids = ['order', 'checkout', 'payment', 'shipment'] as const
      const queries = [
        `{ address(id: "${address}") { street } }`,
        '{ products(first: 1) { edges { node { shop { owner { email name phone addresses { edges { node { street } } } cart { id } } } } } } }',
        '{ products(first: 1) { edges { node { shop { orders(first: 5) { edges { node { buyer { email } address { street } } } } } } } } }',
        '{ products(first: 1) { edges { node { shop { warehouses(first: 5) { edges { node { id street } } } } } } } }',
        '{ products(first: 1) { edges { node { variants { stock { onHand } movements(first: 5) { edges { cursor } } } } } } }',
        `{ user(id: "${buyer.accountId}") { email } }`,
        ...ids.map((kind) => `{ ${kind}(id: "${newId(kind)}") { id } }`),
        ...ids.map((kind) => `{ ${kind}(id: "${buyer.accountId}") { id } }`),
      ]
      for (const query of queries) {
        const { text, codes } = await ask(arena, stranger, { query })
        hold(!codes.includes('SERVICE_UNAVAILABLE'), `${query} was not answered`)
        const told = secretsOf(arena).filter((secret) => text.includes(secret))
        hold(told.length === 0, `${query} told ${told.join(', ')}`)
        hold(!text.includes('INTERNAL_SERVER_ERROR'), `${query}: ${text}`)
      }
      const owner = await ask(arena, buyer, { query: `{ address(id: "${address}") { street } }` })
      hold(owner.text.includes('Tebet Barat'), 'not even the owner sees it: nothing is proven')
      return `${queries.length} ways, nothing told; a real order by its own ids in prove:authorization`
    },
  },
  {
    id: 'T32',
    what: 'texts that mean something to a database, a log, a shell or a reader',
    run: async (arena) => {
      let asked = 0
      for (const text of hostileTexts) {
        for (const query of withText(text)) {
          const ending = await attack(arena.url, 'http', { query })
          asked += 1
          hold(!ending.codes.includes('INTERNAL_SERVER_ERROR'), `${query}: ${ending.text}`)
          hold(ending.status < 500, `${query}: ${ending.status}`)
        }
      }
      return `${asked} operations, none failed`
    },
  },
  {
    id: 'T34',
    what: 'addresses that the market might call',
    run: async (arena) => {
      let called = 0
      let kept = 0
      const server = createServer((_, response) => {
        called += 1
        response.end()
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      const urls = [
        `http://127.0.0.1:${port}/`,
        `https://127.0.0.1:${port}/`,
        'http://169.254.169.254/latest/meta-data',
        'file:///etc/passwd',
      ]
      const shop = await ask(arena, arena.seller, {
        query: '{ me { shops { id } } categories(first: 1) { edges { node { id } } } }',
      })
      const shopId = /"id":"(shp_\w+)"/.exec(shop.text)?.[1]
      const categoryId = /"id":"(cat_\w+)"/.exec(shop.text)?.[1]
      for (const url of urls) {
        const variant = {
          sku: `S-${urls.indexOf(url)}`,
          name: 'x',
          price: 1_000,
          weightGrams: 1,
          lengthMm: 1,
          widthMm: 1,
          heightMm: 1,
        }
        const input = { shopId, categoryId, title: 'x', description: 'x', images: [{ url, altText: 'x' }], variants: [variant] }
        const query =
          'mutation ($input: CreateProductInput!) { createProduct(input: $input) { __typename ... on Problem { code } } }'
        const made = await ask(arena, arena.seller, { query, variables: { input } })
        if (made.text.includes('CreateProductSuccess')) kept += 1
        hold(!made.codes.includes('INTERNAL_SERVER_ERROR'), made.text)
      }
      server.close()
      hold(called === 0, `the market called ${called} of them`)
      return `${urls.length} addresses, ${kept} taken as a picture's, none called`
    },
  },
  {
    id: 'T37',
    what: 'how long a sign-in takes for an account there is and for one there is not',
    run: async (arena) => {
      const timeOf = async (email: string) => {
        const began = performance.now()
        await send(`${arena.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: `mutation { ${signInField(email)} }` }),
        })
        return performance.now() - began
      }
      const known: number[] = []
      const unknown: number[] = []
      for (let index = 0; index < 40; index += 1) {
        const email = `timed-${index}@pasar.example`
        const query = `mutation { register(input: { email: "${email}", name: "x", password: "sebuah-rahasia-panjang" }) { __typename } }`
        await attack(arena.url, 'http', { query })
        for (let again = 0; again < 5; again += 1) {
          // What is asked second must not always be the same one.
          if (again % 2 === 0) known.push(await timeOf(email))
          unknown.push(await timeOf(`nobody-${index}@pasar.example`))
          if (again % 2 === 1) known.push(await timeOf(email))
        }
      }
      const [yes, no] = [median(known), median(unknown)]
      const difference = Math.abs(yes - no) / Math.max(yes, no)
      hold(difference < 0.05, `medians ${yes.toFixed(1)} and ${no.toFixed(1)} ms`)
      return `medians ${yes.toFixed(1)} and ${no.toFixed(1)} ms over 200 each`
    },
  },
]

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
