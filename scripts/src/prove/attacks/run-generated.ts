import { startChild } from './child.ts'
import { nextHostile } from './generate.ts'
import { openRandom } from './random.ts'
import { hold, type Arena } from './row.ts'
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
  readonly alone: Noticed
  readonly meanwhile: Noticed
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
    arena.say('measuring somebody who looks at product pages, alone …')
    await new Promise((resolve) => setTimeout(resolve, 15_000))
    const alone = await user.ask<Noticed>({})
    const before = await arena.usage(true)
    arena.say(`measuring the same while ${options.operations} hostile operations come in …`)
    const stormed = await storm(arena, options)
    const after = await arena.usage()
    const meanwhile = await user.ask<Noticed>({ stop: true })
    const settled = await arena.usage(true)
    hold(alone.operations > 100, 'too little was measured')
    return {
      ...options,
      ...stormed,
      grownMb: settled.heapMb - before.heapMb,
      delayP99Ms: after.delayP99Ms,
      delayMaxMs: after.delayMaxMs,
      polluted: settled.polluted,
      alone,
      meanwhile,
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
    const hostile = nextHostile(random, arena.ways)
    const sent = hostile.send(arena.url).then(
      ({ codes, status, text }) => {
        if (codes.includes('INTERNAL_SERVER_ERROR') || status >= 500)
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
