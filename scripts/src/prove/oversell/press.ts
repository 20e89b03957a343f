import { setTimeout as pause } from 'node:timers/promises'
import { newId } from '@pasar/shared/ids'
import { codesOf } from '../graph-answer.ts'
import type { Buyer } from './buyers.ts'
import type { Door } from './door.ts'

/** What a buyer is told in the end. */
export interface Told {
  /** PLACED, or the code of the refusal. */
  readonly outcome: string
  readonly checkoutId: string | undefined
  readonly paymentId: string | undefined
  readonly ms: number
  /** How often the market said that it was too busy to take the call, and how often that it was still working on it. */
  readonly shed: number
  readonly processing: number
  /** Codes that a buyer must never be told, and calls that had no answer or one that cannot be read. */
  readonly faults: readonly string[]
}

const query = `mutation Buy($input: CheckoutInput!) { checkout(input: $input) { __typename
  ... on CheckoutPlaced { checkout { id payment { id } } } ... on CheckoutProcessing { checkout { id } } ... on Problem { code } } }`

/** Whoever is told that the market works on it, looks at the checkout: that waits in no line. */
const look = `query Look($id: ID!) { checkout(id: $id) { id state payment { id } problem { code } } }`

interface Seen {
  readonly id: string
  readonly state: string
  readonly payment: { readonly id: string } | null
  readonly problem: { readonly code: string } | null
}

/** What asks to be tried again. */
const shedCodes = new Set(['RATE_LIMITED', 'SERVICE_UNAVAILABLE'])
const patienceMs = 240_000
const firstPauseMs = 500
const longestPauseMs = 8_000

interface Result {
  readonly __typename: string
  readonly code?: string
  readonly checkout?: { readonly id: string; readonly payment?: { readonly id: string } | null | undefined }
}

/** What a press or a look has come to, when it has. */
function finalOf({ __typename, code, checkout, ...seen }: Result & Partial<Seen>) {
  if (seen.state === 'AWAITING_PAYMENT') return { outcome: 'PLACED', checkout: seen as Seen }
  if (seen.state !== undefined) return seen.state === 'PROCESSING' ? undefined : { outcome: seen.problem?.code ?? seen.state }
  if (__typename === 'CheckoutPlaced') return { outcome: 'PLACED', checkout }
  return __typename === 'CheckoutProcessing' ? undefined : { outcome: code ?? __typename }
}

/**
 * Presses "Buy", and presses again with the same key as long as the market says to come again, until there is a final answer. A call that
 * breaks is made again, too, as a shop's page would, but it is a fault.
 */
export async function press({ post }: Pick<Door, 'post'>, buyer: Buyer, random: () => number): Promise<Told> {
  const key = newId('movement')
  const { cartId, cartVersion } = buyer
  const input = { cartId, expectedCartVersion: cartVersion, paymentMethod: 'BCA_VA', idempotencyKey: key }
  const body = JSON.stringify({ query, variables: { input } })
  const headers = { authorization: `Bearer ${buyer.token}`, 'x-forwarded-for': buyer.address }
  const began = performance.now()
  let [shed, processing] = [0, 0]
  let begun: string | undefined
  const ask = () => (begun === undefined ? body : JSON.stringify({ query: look, variables: { id: begun } }))
  const faults: string[] = []
  const told = (outcome: string, checkout?: Result['checkout']): Told => {
    const ids = { checkoutId: checkout?.id, paymentId: checkout?.payment?.id }
    return { outcome, ...ids, ms: performance.now() - began, shed, processing, faults }
  }
  for (let tries = 0; performance.now() - began < patienceMs; tries += 1) {
    const answer = await post(ask(), headers).catch((error: Error) => error)
    const result =
      answer instanceof Error ? undefined : (answer.data?.['checkout'] as (Result & Partial<Seen>) | null | undefined)
    const final = result && finalOf(result)
    if (final) return told(final.outcome, final.checkout)
    if (result) {
      processing += 1
      begun ??= result.checkout?.id
    } else {
      const code = answer instanceof Error ? `no answer: ${answer.message}` : (codesOf(answer)[0] ?? `status ${answer.status}`)
      if (shedCodes.has(code)) shed += 1
      else faults.push(code)
    }
    await pause((begun === undefined ? Math.min(longestPauseMs, firstPauseMs * 2 ** tries) : firstPauseMs) * (0.5 + random()))
  }
  return told('NO ANSWER')
}
