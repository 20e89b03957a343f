import { attack, type Attack, type Way } from '../attacks/client.ts'

/** Who stands to an order how; a stranger has bought something else, a rival sells something else, a helper does not own the seller's shop. */
export const people = ['guest', 'stranger', 'rival', 'seller', 'helper', 'buyer'] as const

/** One of them. */
export type Who = (typeof people)[number]

/** Access tokens; a guest has none. */
export type TokenOf = Readonly<Record<Who, string | undefined>>

/** Something that is asked or done, and whose right it is. */
export interface Question {
  readonly name: string
  readonly way: Way
  readonly what: Attack
  /** Where in the data of an answer stands what only these people are given. */
  readonly at: readonly string[]
  readonly owners: readonly Who[]
}

/** What is asked of a market, and what nobody but its people may hear. */
export interface Interrogation {
  readonly url: string
  readonly tokens: TokenOf
  readonly secrets: readonly string[]
}

/** What came of asking. */
export interface Hearing {
  /** How often somebody asked who may not. */
  readonly asked: number
  readonly faults: readonly string[]
}

interface Answer {
  readonly data?: unknown
}

interface Message {
  readonly payload?: Answer
}

const valueAt = (from: unknown, path: readonly string[]): unknown =>
  path.reduce((value: unknown, key) => (value as Record<string, unknown> | null | undefined)?.[key], from)

/** Asks as somebody; says what was given, and everything that was said. */
async function askAs({ url, tokens }: Interrogation, { way, what, at }: Question, who: Who) {
  const token = tokens[who]
  const { codes, text } = await attack(url, way, token === undefined ? what : { ...what, token })
  const read = JSON.parse(text) as Answer & Message
  return { given: valueAt(way === 'ws' ? read.payload?.data : read.data, at), codes, text }
}

const broken = ['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE', 'GRAPHQL_VALIDATION_FAILED', 'BAD_REQUEST', 'RATE_LIMITED']

/** A refusal is a member of a mutation's union: there, and nothing that was given. */
const isRefusal = (given: unknown) => typeof given === 'object' && given !== null && 'code' in given

const isSomething = (given: unknown) => given !== null && given !== undefined && !isRefusal(given)

/** Lets everybody but its owners ask: what they were told that they may not be. */
export async function askOthers(interrogation: Interrogation, question: Question): Promise<Hearing> {
  const others = people.filter((who) => !question.owners.includes(who))
  const faults: string[] = []
  for (const who of others) {
    const { given, codes, text } = await askAs(interrogation, question, who)
    const told = interrogation.secrets.filter((secret) => text.includes(secret))
    const isLost = codes.some((code) => broken.includes(code))
    if (isSomething(given) || told.length > 0 || isLost) faults.push(`${question.name} as ${who}: ${text.slice(0, 300)}`)
  }
  return { asked: others.length, faults }
}

/** Lets its owners ask: without an answer to them nothing is proven. */
export async function askOwners(interrogation: Interrogation, question: Question): Promise<Hearing> {
  const faults: string[] = []
  for (const who of question.owners) {
    const { given, text } = await askAs(interrogation, question, who)
    if (!isSomething(given)) faults.push(`${question.name} as its ${who}: ${text.slice(0, 300)}`)
  }
  return { asked: 0, faults }
}
