import { isDeepStrictEqual } from 'node:util'
import type { Arena, Running, SubgraphTraffic } from './arena.ts'
import type { Load } from './loads.ts'

/** What one operation asks of the subgraphs. */
export interface Cost {
  readonly fetches: number
  readonly representations: number
  readonly subgraphBytes: number
}

/** Answers of one contestant to all operations of a load, and what a request costs on average, each operation as often as it is sent. */
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
  const traffics: SubgraphTraffic[] = []
  for (const body of load.bodies) {
    const text = await ask(port, body, authorization)
    responseBytes = Math.max(responseBytes, text.length)
    bodies.push(JSON.parse(text))
    traffics.push(await arena.traffic())
  }
  const forwarded = traffics.every((traffic) => forwards(traffic, authorization))
  return { bodies, responseBytes, cost: costOf(traffics, load), forwards: forwarded }
}

async function ask(port: number, body: string, authorization: string): Promise<string> {
  const own = authorization === '' ? {} : { authorization }
  const headers = { 'content-type': 'application/json', accept: 'application/json', ...own }
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST', headers, body })
  return response.text()
}

function costOf(traffics: readonly SubgraphTraffic[], { sequence }: Load): Cost {
  const sent = sequence ? sequence.map((index) => traffics[index]!) : traffics
  const mean = (of: (traffic: SubgraphTraffic) => number) => sent.reduce((sum, each) => sum + of(each), 0) / sent.length
  return {
    fetches: mean(({ requests }) => requests),
    representations: mean(({ representations }) => representations),
    subgraphBytes: mean(({ bytes }) => bytes),
  }
}

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
