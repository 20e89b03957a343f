import { isDeepStrictEqual } from 'node:util'
import type { Arena, Running, SubgraphTraffic } from './arena.ts'
import type { Load } from './loads.ts'

/** What one operation asks of the subgraphs. */
export interface Cost {
  readonly fetches: number
  readonly representations: number
  readonly subgraphBytes: number
}

/** Answers of one contestant to all operations of a load, and what each cost on average. */
export interface Answers {
  readonly bodies: readonly unknown[]
  readonly responseBytes: number
  readonly cost: Cost
  /** Whether each subgraph request carried the client's Authorization. */
  readonly forwards: boolean
}

/** Asks each operation of a load once. */
export async function askAll(arena: Arena, { port }: Running, load: Load): Promise<Answers> {
  const bodies: unknown[] = []
  let responseBytes = 0
  const [authorization = ''] = load.authorizations
  await ask(port, load.bodies[0]!, authorization)
  await arena.traffic()
  for (const body of load.bodies) {
    const text = await ask(port, body, authorization)
    responseBytes = Math.max(responseBytes, text.length)
    bodies.push(JSON.parse(text))
  }
  const traffic = await arena.traffic()
  return { bodies, responseBytes, cost: costOf(traffic, bodies.length), forwards: forwards(traffic, authorization) }
}

async function ask(port: number, body: string, authorization: string): Promise<string> {
  const headers = { 'content-type': 'application/json', accept: 'application/json', authorization }
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST', headers, body })
  return response.text()
}

const costOf = ({ requests, representations, bytes }: SubgraphTraffic, count: number): Cost => ({
  fetches: requests / count,
  representations: representations / count,
  subgraphBytes: bytes / count,
})

const forwards = ({ requests, authorizations }: SubgraphTraffic, authorization: string) =>
  requests === 0 || (authorizations.length === 1 && authorizations[0] === authorization)

/** Why a contestant's answers are not those of the merged server; undefined when they are. */
export function difference(answers: Answers, right: Answers): string | undefined {
  if (!answers.forwards) return 'does not forward Authorization to subgraphs'
  const wrong = answers.bodies.findIndex(
    (body, index) => !isDeepStrictEqual(withoutEmpty(body), withoutEmpty(right.bodies[index])),
  )
  if (wrong < 0) return undefined
  return `operation ${wrong} is answered otherwise: ${JSON.stringify(answers.bodies[wrong]).slice(0, 300)}`
}

/** Only `data` and `errors` are compared: a gateway may add extensions. */
const withoutEmpty = (body: unknown) => {
  const { data, errors } = body as { data?: unknown; errors?: unknown }
  return { data, errors }
}
