import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { composeServices } from '@apollo/composition'
import { openGateway } from '@pasar/router/gateway'
import { loadSupergraph } from '@pasar/schema/load'
import { openLog } from '@pasar/shared/log'
import { getNamedType, isCompositeType, isObjectType, parse, type GraphQLObjectType } from 'graphql'
import { attack, send } from './client.ts'
import { signInField } from './operations.ts'
import { openRandom } from './random.ts'
import { hold, type Row } from './row.ts'

const link = (names: string) => `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${names}])`

const compose = (sdl: Readonly<Record<string, string>>, url = 'http://x.invalid') =>
  composeServices(Object.entries(sdl).map(([name, text]) => ({ name, url, typeDefs: parse(text) })))

function refusesToCompose(code: string, sdl: Readonly<Record<string, string>>): string {
  const codes = (compose(sdl).errors ?? []).map(({ extensions }) => String(extensions['code']))
  hold(codes.includes(code), `composition said ${codes.join(', ') || 'nothing'}`)
  return `composition says ${code}`
}

/** Attacks from within: by a subgraph, by the schema, on the planner, on what is written down. */
export const innerRows: readonly Row[] = [
  {
    id: 'T02',
    what: 'a subgraph that answers with __proto__',
    run: async ({ startRouter }) => {
      const hostile = '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"id":"1","name":"x"}'
      const server = createServer((_, response) => {
        response.setHeader('content-type', 'application/json')
        response.end(`{"data":{"__proto__":{"admin":true},"thing":${hostile},"things":[${hostile}],"_entities":[${hostile}]}}`)
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      const sdl = {
        a: `${link('"@key"')} type Query { thing: Thing things: [Thing] } type Thing @key(fields: "id") { id: ID! }`,
        b: `${link('"@key"')} type Thing @key(fields: "id") { id: ID! name: String }`,
      }
      const { url, child } = await startRouter({ supergraph: compose(sdl, `http://127.0.0.1:${port}/graphql`).supergraphSdl })
      const { text } = await attack(url, 'http', { query: '{ thing { id name } things { id name } }' })
      const { polluted } = await child.ask<{ polluted: string[] }>({})
      await child.stop()
      server.close()
      hold(text.includes('"name":"x"'), text)
      hold(polluted.length === 0, `every object has ${polluted.join(', ')}`)
      return 'answered; no object has learnt anything'
    },
  },
  {
    id: 'T05',
    what: 'planning over fields that several subgraphs can answer',
    run: async () => {
      const gateway = await openGateway({
        supergraph: loadSupergraph().gateway,
        production: true,
        log: openLog('silent', 'proof'),
      })
      const { schema, plan } = gateway.graph()
      const random = openRandom(5)
      const selection = (type: GraphQLObjectType, depth: number): string => {
        const fields = Object.values(type.getFields()).filter(({ args }) =>
          args.every((one) => one.defaultValue !== undefined || !String(one.type).endsWith('!')),
        )
        const written = fields.flatMap((field) => {
          const inner = getNamedType(field.type)
          if (!isCompositeType(inner)) return [field.name]
          return isObjectType(inner) && depth > 0 && random.upTo(3) > 0 ? [`${field.name} ${selection(inner, depth - 1)}`] : []
        })
        return `{ __typename ${written.filter(() => random.upTo(3) > 0).join(' ')} }`
      }
      const root = schema.getType('Product') as GraphQLObjectType
      let slowest = 0
      for (let index = 0; index < 500; index += 1) {
        const document = parse(`{ product(id: "x") ${selection(root, 3)} }`)
        const began = process.cpuUsage()
        plan(document, undefined)
        const { user, system } = process.cpuUsage(began)
        if (index > 20) slowest = Math.max(slowest, (user + system) / 1_000)
      }
      await gateway.stop()
      hold(slowest < 100, `one took ${slowest.toFixed(0)} ms`)
      return `500 random operations, at most ${slowest.toFixed(0)} ms of CPU`
    },
  },
  {
    id: 'T06',
    what: 'an access rule on an interface',
    run: async () =>
      refusesToCompose('AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE', {
        a: `${link('"@authenticated"')} type Query { node: Node } interface Node @authenticated { id: ID } type A implements Node { id: ID }`,
      }),
  },
  {
    id: 'T07',
    what: 'a protected field through @requires of an open one',
    run: async () =>
      refusesToCompose('MISSING_TRANSITIVE_AUTH_REQUIREMENTS', {
        a: `${link('"@key", "@authenticated"')} type Query { t: T } type T @key(fields: "id") { id: ID! secret: Int @authenticated }`,
        b: `${link('"@key", "@requires", "@external"')} type T @key(fields: "id") { id: ID! secret: Int @external open: Int @requires(fields: "secret") }`,
      }),
  },
  {
    id: 'T11',
    what: 'secrets in logs, with everything written down',
    run: async ({ url, router, subgraphs }) => {
      const canary = 'kenari-rahasia-4711'
      await attack(url, 'http', { query: `mutation { ${signInField('siapa@pasar.example', canary)} }` })
      await attack(url, 'http', {
        query: 'mutation ($i: RegisterInput!) { register(input: $i) { __typename } }',
        variables: { i: { email: 'x', name: 'x', password: canary } },
      })
      await attack(url, 'http', { query: '{ me { id } }', token: `${canary}.x.y` })
      await attack(url, 'ws', { query: '{ me { id } }', token: canary })
      await send(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Basic ${canary}`, 'x-api-key': canary },
        body: `{"query": "${canary}`,
      })
      await router.ask({})
      hold(router.output().length > 0, 'the log is empty: nothing is proven')
      hold(!`${router.output()}${subgraphs.output()}`.includes(canary), 'a secret was written down')
      return 'written down nowhere'
    },
  },
  {
    id: 'T36',
    what: 'a subgraph that stands still',
    run: async ({ url, subgraphs, say }) => {
      subgraphs.signal('SIGSTOP')
      say('waiting for the deadline of a subgraph that stands still …')
      try {
        const began = performance.now()
        const asked = Array.from({ length: 50 }, (_, index) =>
          attack(url, 'http', { query: `{ shops(first: ${index + 1}) { edges { node { name } } } }` }),
        )
        const { status } = await send(`${url}/health`, {})
        hold(status === 200, 'the router does not live')
        const endings = await Promise.all(asked)
        const seconds = (performance.now() - began) / 1_000
        hold(
          endings.every(({ codes }) => codes.includes('SERVICE_UNAVAILABLE')),
          endings[0]!.text,
        )
        hold(!/http:\/\/|127\.0\.0\.1|\bat \/|users/.test(endings[0]!.text), `it tells too much: ${endings[0]!.text}`)
        hold(seconds < 12, `after ${seconds} s`)
        return `SERVICE_UNAVAILABLE after ${seconds.toFixed(1)} s, without a name or an address`
      } finally {
        subgraphs.signal('SIGCONT')
        await answersAgain(url)
      }
    },
  },
]

/** A router leaves a subgraph alone for a moment that did not answer; other attacks are to meet one that does. */
async function answersAgain(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const { codes } = await attack(url, 'http', { query: '{ shops(first: 1) { edges { node { name } } } }' })
    if (codes.length === 0) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the subgraph is back, and the router does not know')
}
