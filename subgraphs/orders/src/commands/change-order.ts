import { parseBoundedText } from '@pasar/shared/bounded-text'
import { characters } from '@pasar/shared/expectations'
import { enqueue } from '@pasar/shared/events/outbox'
import { parseIdempotencyKey, runOnce, type IdempotencyKeyReused } from '@pasar/shared/idempotency'
import { idParser } from '@pasar/shared/ids'
import { staffActed } from '@pasar/shared/subgraph/looks'
import { BadInput, isRefusal, problem, type Problem } from '@pasar/shared/problems'
import { ifStale, type Stale } from '@pasar/shared/subgraph/versions'
import { requireAccount, type AccountViewer } from '@pasar/shared/identity/viewer'
import { partiesOf } from '../access.ts'
import type { OrdersContext } from '../context.ts'
import type { Order, OrderParty, OrderState, RejectReason } from '../domain/order.ts'
import { allowedMoves, transitionFor } from '../domain/order-moves.ts'
import type { OrderMove } from '../domain/transition.ts'
import { movesOf } from '../moves-of.ts'
import { findCheckouts } from '../store/checkouts.ts'
import type { Tx } from '../store/database.ts'
import { lockOrder } from '../store/orders.ts'
import { moveOrder, type OrderMoveStep } from './move-order.ts'

export type OrderRefusal =
  | Problem<'OrderNotFound', { orderId: string }>
  | Problem<'IllegalOrderMove', { state: OrderState; allowed: readonly OrderMove[] }>
  | Stale<'StaleOrder'>
  | IdempotencyKeyReused

/** What came of a change: done, refused for a reason that every change has, or for one of its own. */
export type OrderOutcome<T extends string, R = never> = { readonly __typename: T; readonly orderId: string } | OrderRefusal | R

const parseOrderId = idParser('order')
const noteCharactersMax = 500

/** What every change of an order by a person is given. */
export interface ChangeInput {
  readonly orderId: string
  readonly expectedVersion?: number | null
  readonly idempotencyKey: string
}

/** A change of an order by a person. */
export interface OrderChange<T extends string, R = never> {
  /** The mutation's name. */
  readonly scope: string
  readonly success: T
  readonly move: OrderMove
  readonly note?: string | null
  /** What else the effect depends on; the same key with another one is refused. */
  readonly asked?: unknown
  /** What the change depends on beside the order. */
  readonly facts?: (party: OrderParty) => OrderMoveStep['facts']
  /** What goes back with it, decided from the order as it is; a problem refuses the change. */
  readonly decide?: (tx: Tx, order: Order) => Promise<Decision | R>
}

/** What a change decides beside the move itself. */
export type Decision = Pick<OrderMoveStep, 'refund' | 'restock'>

/** Moves an order for a person who may: the same key gives the same outcome, strangers learn nothing, staff leave a trace. */
export async function changeOrder<T extends string, R extends Problem<string, object> = never>(
  context: OrdersContext,
  input: ChangeInput,
  change: OrderChange<T, R>,
): Promise<OrderOutcome<T, R>> {
  const viewer = requireAccount(context.viewer)
  const orderId = parseOrderId(input.orderId, 'orderId')
  const { scope, success, move, note = null, facts = () => ({}), decide } = change
  const expectedVersion = input.expectedVersion ?? null
  const asked = { orderId, expectedVersion, move, note, asked: change.asked ?? null }
  const attempt = { scope, actor: viewer.accountId, key: parseIdempotencyKey(input.idempotencyKey), input: asked }
  const outcome = await runOnce<Tx, OrderOutcome<T, R>>(context, attempt, async (tx) => {
    const order = await lockOrder(tx, orderId)
    const parties = order ? partiesOf(viewer, order) : []
    if (!order || parties.length === 0) return problem('OrderNotFound', { orderId })
    const stale = ifStale('StaleOrder', order, expectedVersion)
    if (stale) return stale
    const transition = transitionFor(order, move, parties)
    if (!transition) {
      const allowed = await movesOf(order, allowedMoves(order, parties), async (id) => (await findCheckouts(tx, [id]))[0])
      return problem('IllegalOrderMove', { state: order.state, allowed })
    }
    const { name, party } = transition
    const decided = (await decide?.(tx, order)) ?? {}
    if (isRefusal(decided)) return decided as R
    const how = { ...(decided as Decision), facts: facts(party) }
    await moveOrder(tx, context.clock, { order, name, party, actorId: viewer.accountId, note, ...how })
    if (party === 'STAFF') await leaveTrace(tx, context, { viewer, order, action: scope, note })
    return { __typename: success, orderId }
  })
  if (isRefusal(outcome)) return outcome
  // A key may be older than its account's right to see what has become of the order.
  const order = await context.loaders.order.load(orderId)
  return order && partiesOf(viewer, order).length > 0 ? outcome : problem('OrderNotFound', { orderId })
}

interface Trace {
  readonly viewer: AccountViewer
  readonly order: Order
  readonly action: string
  readonly note: string | null
}

function leaveTrace(tx: Tx, { clock }: OrdersContext, { viewer, order, action, note }: Trace) {
  if (note === null) throw new BadInput('note', { id: 'alasan petugas melakukan ini', en: 'why staff do this' })
  return enqueue(tx, clock, staffActed(viewer.accountId, { action: `order.${action}`, subjectId: order.id, reason: note }))
}

/** A trimmed note, or null for none. */
export function parseNote(raw: string | null | undefined): string | null {
  const note = parseBoundedText(raw ?? '', 'note', [0, noteCharactersMax])
  return note === '' ? null : note
}

/** What a seller says beside a reason: needed where that is none of the listed ones. */
export function noteOn(reason: RejectReason, raw: string | null | undefined): string | null {
  const note = parseNote(raw)
  if (reason === 'OTHER' && note === null)
    throw new BadInput('note', {
      id: 'apa alasannya, karena bukan salah satu alasan lain',
      en: 'what the reason is, as it is none of the others',
    })
  return note
}

/** A trimmed note that must be there, because somebody else has to understand what happened. */
export function needNote(raw: string | null | undefined): string {
  const note = parseNote(raw)
  if (note === null) throw new BadInput('note', characters(1, noteCharactersMax))
  return note
}
