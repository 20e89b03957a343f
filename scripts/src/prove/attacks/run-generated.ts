import { startChild, type Child } from './child.ts'
import { ways } from './client.ts'
import { nextHostile } from './generate.ts'
import { openRandom } from './random.ts'
import { hold, type Arena } from './row.ts'
import type { Usage } from './router-process.ts'
import type { Noticed } from './user-process.ts'

/** What ten thousand hostile operations did to the router and to somebody who meant well. */
export interface Generated {
  readonly seed: number
  readonly operations: number
  readonly perSecond: number
  readonly unanswered: readonly string[]
  readonly failures: readonly string[]
  readonly grownMb: number
  readonly delayP99Ms: number
  readonly delayMaxMs: number
  readonly polluted: readonly string[]
  /** Middles of the parts: what else the machine does changes from one to the next. */
  readonly aloneP99Ms: number
  readonly meanwhileP99Ms: number
  readonly slowdown: number
  /** Product pages that were looked at, and those that failed. */
  readonly looks: number
  readonly failed: number
}

const partsOfStorm = 5

/** How a socket is closed that said what nobody may say. */
const badRequest = 4400
const aloneMs = 20_000

interface Part {
  readonly alone: Noticed
  readonly meanwhile: Noticed
  readonly usage: Usage
  readonly stormed: { readonly unanswered: readonly string[]; readonly failures: readonly string[] }
}

const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

/** Alone and under attack right after each other, so that both meet the same machine. */
async function measurePart(arena: Arena, user: Child, options: GeneratedOptions): Promise<Part> {
  await user.ask({})
  await new Promise((resolve) => setTimeout(resolve, aloneMs))
  const alone = await user.ask<Noticed>({})
  await arena.usage()
  const stormed = await storm(arena, { ...options, operations: options.operations / partsOfStorm })
  const usage = await arena.usage()
  const meanwhile = await user.ask<Noticed>({})
  hold(alone.operations > 100 && meanwhile.operations > 100, 'too little was measured')
  return { alone, meanwhile, usage, stormed }
}

/** How an attack by generated operations is run. */
export interface GeneratedOptions {
  readonly seed: number
  readonly operations: number
  /** Hostile operations begun per second. */
  readonly perSecond: number
}

const productPage = JSON.stringify({
  query: `{ products(first: 1) { edges { node {
    id title description minPrice { formatted } rating { average count } shop { name regency { name } }
    variants { id name price { formatted } available }
  } } } }`,
})

/** Attacks at a steady pace while somebody else looks at product pages. */
export async function runGenerated(arena: Arena, options: GeneratedOptions): Promise<Generated> {
  const user = startChild('user-process.ts')
  const begin = { url: arena.url, body: productPage, token: arena.buyer.token }
  try {
    await user.ask(begin)
    // What comes first is compiled first: neither measurement is to pay for it.
    await storm(arena, { ...options, seed: options.seed + 1, operations: 1_000 })
    await user.ask({})
    const before = await arena.usage(true)
    const parts: Part[] = []
    for (let part = 0; part < partsOfStorm; part += 1) {
      arena.say(`part ${part + 1} of ${partsOfStorm}: somebody who looks at product pages, alone and under attack …`)
      parts.push(await measurePart(arena, user, { ...options, seed: options.seed + 2 + part }))
    }
    const settled = await arena.usage(true)
    return {
      ...options,
      unanswered: parts.flatMap(({ stormed }) => stormed.unanswered),
      failures: parts.flatMap(({ stormed }) => stormed.failures),
      grownMb: settled.heapMb - before.heapMb,
      delayP99Ms: middle(parts.map(({ usage }) => usage.delayP99Ms)),
      delayMaxMs: Math.max(...parts.map(({ usage }) => usage.delayMaxMs)),
      polluted: settled.polluted,
      aloneP99Ms: middle(parts.map(({ alone }) => alone.p99Ms)),
      meanwhileP99Ms: middle(parts.map(({ meanwhile }) => meanwhile.p99Ms)),
      slowdown: middle(parts.map(({ alone, meanwhile }) => meanwhile.p99Ms / alone.p99Ms)),
      looks: parts.reduce((sum, { alone, meanwhile }) => sum + alone.operations + meanwhile.operations, 0),
      failed: parts.reduce((sum, { alone, meanwhile }) => sum + alone.failed + meanwhile.failed, 0),
    }
  } finally {
    await user.stop()
  }
}

async function storm(arena: Arena, { seed, operations, perSecond }: GeneratedOptions) {
  const random = openRandom(seed)
  const unanswered: string[] = []
  const failures: string[] = []
  const pending = new Set<Promise<void>>()
  const began = performance.now()
  for (let index = 0; index < operations; index += 1) {
    const due = began + (index * 1_000) / perSecond
    if (due > performance.now()) await new Promise((resolve) => setTimeout(resolve, due - performance.now()))
    const hostile = nextHostile(random, ways)
    const sent = hostile.send(arena.url).then(
      ({ codes, status, text }) => {
        if (codes.includes('INTERNAL_SERVER_ERROR') || (status >= 500 && status !== badRequest))
          failures.push(`${index} ${hostile.kind}: ${status} ${text.slice(0, 200)}`)
      },
      (error: unknown) => void unanswered.push(`${index} ${hostile.kind}: ${String(error)}`),
    )
    pending.add(sent)
    void sent.finally(() => pending.delete(sent))
    if (pending.size >= 200) await Promise.race(pending)
  }
  await Promise.all(pending)
  return { unanswered, failures }
}
