import { postGraph } from '../graph-answer.ts'
import { answerMessages } from './child.ts'

/** What a legitimate user noticed. */
export interface Noticed {
  readonly operations: number
  readonly failed: number
  readonly p50Ms: number
  readonly p99Ms: number
}

let latencies: number[] = []
let failed = 0
let going: Promise<void> | undefined

/** Somebody who looks at a product page, thinks for a moment, and looks again. */
async function look(url: string, body: string, token: string): Promise<void> {
  while (going) {
    const began = performance.now()
    const { data, errors } = await postGraph(url, body, { authorization: `Bearer ${token}` })
    latencies.push(performance.now() - began)
    if (!data || errors) failed += 1
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

function noticed(): Noticed {
  const sorted = latencies.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  const result = { operations: sorted.length, failed, p50Ms: at(0.5), p99Ms: at(0.99) }
  latencies = []
  failed = 0
  return result
}

answerMessages(async ({ url, body, token, stop }) => {
  if (stop) {
    const ending = going
    going = undefined
    await ending
  } else if (typeof url === 'string' && !going) {
    going = Promise.resolve()
    going = look(url, String(body), String(token))
  }
  return noticed()
})
