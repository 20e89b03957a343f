import { rupiahAboveZero } from '@pasar/shared/expectations'
import { newId } from '@pasar/shared/ids'
import { minorUnits, type Minor } from '@pasar/shared/money'
import { parsePictures, type Picture } from '@pasar/shared/pictures'
import { BadInput, problem } from '@pasar/shared/problems'
import type { OrdersContext } from '../context.ts'
import type { Order } from '../domain/order.ts'
import { planClaim, planUnits, totalOf, type Claim, type TooLarge } from '../domain/refund-plan.ts'
import type { RequestReturnInput } from '../generated/resolvers.ts'
import type { Tx } from '../store/database.ts'
import { addReturn } from '../store/returns.ts'
import { linesShort, type OrderLinesShort } from './cancel-lines.ts'
import { changeOrder, needNote, type Decision } from './change-order.ts'
import { parseUnits } from './parse-units.ts'
import { readLeft } from './plan-refund.ts'

/** As many as a product has. */
const evidenceMax = 9

/** An amount that a person asks to go back: more than nothing. */
export function parseAmount(raw: bigint | null | undefined): Minor | null {
  if (raw == null) return null
  if (raw <= 0n) throw new BadInput('amount', rupiahAboveZero)
  return minorUnits(raw)
}

interface Request extends Claim {
  readonly note: string
  readonly evidence: readonly Picture[]
}

/** What a buyer asks for, checked. */
function parse(input: RequestReturnInput): Request {
  const { reason, solution } = input
  const amount = parseAmount(input.amount)
  if (amount !== null && solution === 'RETURN_AND_REFUND')
    throw new BadInput('amount', {
      id: 'tidak diisi bila barang dikembalikan: seluruh harganya kembali',
      en: 'to be absent where the goods go back: their whole price does',
    })
  const evidence = parsePictures(input.evidence ?? [], { field: 'evidence', most: evidenceMax })
  return { reason, solution, units: parseUnits(input.lines), amount, note: needNote(input.note), evidence }
}

/** The buyer is not content with what arrived, says why, and what of it shall go back. */
export function requestReturn(context: OrdersContext, input: RequestReturnInput) {
  const request = parse(input)
  const { note, ...asked } = request
  return changeOrder(context, input, {
    scope: 'requestReturn',
    success: 'RequestReturnSuccess',
    move: 'REQUEST_RETURN',
    note,
    asked,
    facts: () => ({ returnSolution: request.solution }),
    decide: (tx, order) => claim(tx, order, { request, now: context.clock.now() }),
  })
}

async function claim(
  tx: Tx,
  order: Order,
  { request, now }: { readonly request: Request; readonly now: Date },
): Promise<Decision | OrderLinesShort | TooLarge> {
  const { reason, solution, units, note, evidence } = request
  const left = await readLeft(tx, order)
  if (!planUnits(left, units)) return linesShort(left)
  const plan = planClaim(left, request)
  if (!plan) return problem('RefundTooLarge', { most: totalOf(planClaim(left, { ...request, amount: null })!) })
  const { itemsAmount, shippingAmount } = plan
  const row = { id: newId('return'), orderId: order.id, reason, solution, note, evidence, itemsAmount, shippingAmount }
  await addReturn(tx, { ...row, requestedAt: now, units })
  return {}
}
