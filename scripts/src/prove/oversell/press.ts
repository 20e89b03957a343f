import { setTimeout as pause } from 'node:timers/promises'
import { newId } from '@pasar/shared/ids'
import { codesOf, postGraph, type GraphAnswer } from '../graph-answer.ts'
import type { Buyer } from './buyers.ts'

/** What a buyer is told in the end. */
export interface Told {
  /** PLACED, or the code of the refusal. */
  readonly outcome: string
  readonly checkoutId: string | undefined
  readonly paymentId: string | undefined
  readonly ms: number
  /** How often the market was too busy to take the call, and how often it was still working on it. */
  readonly shed: number
  readonly processing: number
  /** Codes that a buyer must never be told. */
  readonly faults: readonly string[]
}

const query = `mutation Buy($input: CheckoutInput!) { checkout(input: $input) { __typename
  ... on CheckoutPlaced { checkout { id payment { id } } } ... on CheckoutProcessing { checkout { id } } ... on Problem { code } } }`

/** What asks to be tried again. */
const shedCodes = new Set(['RATE_LIMITED', 'SERVICE_UNAVAILABLE'])
const patienceMs = 240_000
const firstPauseMs = 500
const longestPauseMs = 8_000

interface Result {
  readonly __typename: string
  readonly code?: string
  readonly checkout?: { readonly id: string; readonly payment?: { readonly id: string } | null }
}

/** Presses "Buy", and presses again with the same key as long as the market says to come again, until there is a final answer. */
export async function press(url: string, buyer: Buyer, random: () => number): Promise<Told> {
  const key = newId('movement')
  const { cartId, cartVersion } = buyer
  const input = { cartId, expectedCartVersion: cartVersion, paymentMethod: 'BCA_VA', idempotencyKey: key }
  const body = JSON.stringify({ query, variables: { input } })
  const headers = { authorization: `Bearer ${buyer.token}`, 'x-forwarded-for': buyer.address }
  const began = performance.now()
  let [shed, processing] = [0, 0]
  const faults: string[] = []
  const told = (outcome: string, checkout?: Result['checkout']): Told => {
    const ids = { checkoutId: checkout?.id, paymentId: checkout?.payment?.id }
    return { outcome, ...ids, ms: performance.now() - began, shed, processing, faults }
  }
  for (let tries = 0; performance.now() - began < patienceMs; tries += 1) {
    const answer = await postGraph(url, body, headers).catch((): GraphAnswer => ({ status: 0 }))
    const result = answer.data?.['checkout'] as Result | null | undefined
    if (result?.__typename === 'CheckoutPlaced') return told('PLACED', result.checkout)
    if (result && result.__typename !== 'CheckoutProcessing') return told(result.code ?? result.__typename)
    if (result) processing += 1
    else {
      const code = codesOf(answer)[0] ?? `status ${answer.status}`
      if (shedCodes.has(code) || answer.status === 0) shed += 1
      else faults.push(code)
    }
    await pause(Math.min(longestPauseMs, firstPauseMs * 2 ** tries) * (0.5 + random()))
  }
  return told('NO ANSWER')
}
