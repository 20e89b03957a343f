import { BadInput } from '@pasar/shared/problems'
import { needed, needRupiah, textField } from './fields.ts'
import { isFields, type Fields } from './http-call.ts'
import { parseAmount } from './midtrans-message.ts'
import type { DisputeNews } from './provider.ts'

/** Where each event of a dispute leaves the money: Xendit holds it from the first on, and what is won it has again. */
const events: Readonly<Record<string, Pick<DisputeNews, 'isOver'> & { readonly holds: 'all' | 'what was lost' | 'nothing' }>> = {
  'dispute.action_required': { holds: 'all', isOver: false },
  'dispute.under_review': { holds: 'all', isOver: false },
  'dispute.lost': { holds: 'what was lost', isOver: true },
  'dispute.won': { holds: 'nothing', isOver: true },
}

/** Every name under which a word about one dispute is kept. */
const keysOf = (disputeId: string): readonly string[] => Object.keys(events).map((event) => `xendit:${event}:${disputeId}`)

/**
 * How a bank's dispute about a payment stands. Unlike other events it has its fields beside its name, and amounts as text; undefined for a
 * word that we do not know.
 */
export function disputeEvent(event: string, fields: Fields): DisputeNews | undefined {
  const known = events[event]
  if (!known) return undefined
  needRupiah(fields)
  const { amount } = fields
  if (!isFields(amount)) throw new BadInput('amount', { id: 'initial dan terminal', en: 'initial and terminal' })
  const initial = parseAmount(needed(amount, 'initial'), 'amount.initial')
  const terminal = textField(amount, 'terminal')
  const lost = terminal === null ? initial : parseAmount(terminal, 'amount.terminal')
  const disputeId = needed(fields, 'id')
  return {
    provider: 'XENDIT',
    paymentId: needed(fields, 'reference_id'),
    word: event,
    held: known.holds === 'nothing' ? (0n as typeof initial) : known.holds === 'all' ? initial : lost,
    isOver: known.isOver,
    key: `xendit:${event}:${disputeId}`,
    keys: keysOf(disputeId),
  }
}
