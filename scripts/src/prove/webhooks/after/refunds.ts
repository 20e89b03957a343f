import type { Fact, OrderFacts, PaymentFacts } from './facts.ts'

/** What must have become of a refund. */
interface Decided {
  readonly orderId: string
  readonly amount: number
  /** How much of it the buyer had already: that settles a dispute. */
  settled: number
  /** Whether nothing of it goes through the provider: the rest is on the buyer's balance. */
  isOver: boolean
}

/** Where the money of a payment must be, beside what is left of its orders. */
export interface GoneBack {
  /** On the buyer's balance. */
  readonly balance: number
  /** At the provider, unasked, and not settled by a refund. */
  readonly disputed: number
  /** Refunds that neither the provider has made nor anybody has ended. */
  readonly waiting: readonly string[]
}

export const amountOf = (orders: readonly OrderFacts[]): number =>
  orders.reduce((sum, { items, shipping }) => sum + items + shipping, 0)

/**
 * What must become of the refunds of a payment, from what was decided and what was said, in its order: a buyer never gets more back than was
 * paid, as far as the market was told of what went back unasked when it decided.
 */
export function goneBackOf({ orders, story, wentBack }: PaymentFacts): GoneBack {
  const paid = amountOf(orders)
  const amounts = new Map(wentBack.map(({ name, amount }) => [name, amount]))
  const refunds = new Map<string, Decided>()
  const told = new Set<string>()
  const returned = new Set<string>()
  /** What a refund had settled, and the bank has taken from the buyer again: it is on the balance. */
  let owedAgain = 0
  const isUnasked = (name: string): boolean => refunds.get(name)?.isOver ?? true
  const toldUnasked = (): number => {
    let back = 0
    for (const name of told) if (isUnasked(name) && !returned.has(name)) back += amounts.get(name) ?? 0
    return back
  }
  const settledSoFar = (): number => [...refunds.values()].reduce((sum, one) => sum + one.settled, 0)
  const settledBy = (refundId: string, amount: number): number => {
    let back = toldUnasked() + owedAgain
    for (const [other, one] of refunds) if (other !== refundId) back += one.amount - one.settled
    return Math.max(0, Math.min(amount, back + amount - paid))
  }
  const giveUp = (refundId: string, isFinal: boolean) => {
    const refund = refunds.get(refundId)
    if (!refund || refund.isOver) return
    const settled = Math.max(refund.settled, settledBy(refundId, refund.amount))
    if (isFinal || settled > refund.settled) Object.assign(refund, { settled, isOver: true })
  }
  const happen: { readonly [K in Fact['kind']]: (fact: Extract<Fact, { kind: K }>) => void } = {
    released: () => undefined,
    asked: ({ refundId, orderId, items, shipping, asItCame }) => {
      const amount = items + shipping
      const settled = settledBy(refundId, amount)
      refunds.set(refundId, { orderId, amount, settled, isOver: !asItCame || settled === amount })
    },
    told: ({ names }) => names.forEach((name) => told.add(name)),
    returned: ({ name }) => {
      returned.add(name)
      owedAgain = Math.max(owedAgain, settledSoFar() - toldUnasked())
    },
    refused: ({ refundId }) => giveUp(refundId, true),
    spent: ({ refundId }) => giveUp(refundId, false),
  }
  for (const fact of story) (happen[fact.kind] as (one: Fact) => void)(fact)
  const all = [...refunds]
  const over = all.filter(([, { isOver }]) => isOver)
  const waiting = all.filter(([name, { isOver, amount, settled }]) => !isOver && amounts.get(name) !== amount - settled)
  const unasked = wentBack.filter(({ name, isReturned }) => !isReturned && isUnasked(name))
  return {
    balance: over.reduce((sum, [, one]) => sum + one.amount - one.settled, owedAgain),
    disputed: unasked.reduce((sum, { amount }) => sum + amount, 0) - settledSoFar() + owedAgain,
    waiting: waiting.map(([name]) => name),
  }
}
