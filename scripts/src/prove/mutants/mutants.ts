import { flashSaleMutants } from './flash-sale-mutants.ts'
import type { Mutant } from './mutant.ts'
import { peopleMutants } from './people-mutants.ts'
import { voucherMutants } from './voucher-mutants.ts'

const shared = 'subgraphs/shared/src'
const orders = 'subgraphs/orders/src'
const products = 'subgraphs/products/src'
const payments = 'subgraphs/payments/src'
const messaging = 'subgraphs/shared/test/messaging.test.ts'
const saga = 'subgraphs/orders/test/saga.test.ts'
const checkout = 'subgraphs/orders/test/checkout.test.ts'
const stock = 'subgraphs/products/test/stock.test.ts'
const notifications = 'subgraphs/payments/test/notifications.test.ts'
const escrow = 'subgraphs/payments/test/escrow.test.ts'

/** Every promise that a test must not let pass when it is broken. */
export const mutants: readonly Mutant[] = [
  {
    name: 'skip the fence',
    file: `${orders}/store/sagas.ts`,
    from: 'WHERE checkout_id = $1 AND fence = $2 RETURNING',
    to: 'WHERE checkout_id = $1 AND $2::bigint IS NOT NULL RETURNING',
    test: [saga, 'wakes up fenced off'],
  },
  {
    name: 'take what another process holds',
    file: `${orders}/store/sagas.ts`,
    from: 'AND (lease_until IS NULL OR lease_until < $1::timestamptz) AND',
    to: 'AND',
    test: [saga, 'keeps its saga to itself before that'],
  },
  {
    name: 'forget what a seller should have sent long ago',
    file: `${orders}/store/saved-moves.ts`,
    from: 'SELECT kind, due_at FROM deadline WHERE order_id = $1 AND',
    to: 'SELECT kind, due_at FROM deadline WHERE order_id = $1 AND done_at IS NULL AND',
    test: ['subgraphs/orders/test/order-lists.test.ts', 'should have been sent long ago'],
  },
  {
    name: 'take what people look for as a pattern',
    file: `${shared}/bounded-text.ts`,
    from: '`%${likeText(text)}%`',
    to: '`%${text}%`',
    test: ['subgraphs/orders/test/order-search.test.ts', 'signs that mean something'],
  },
  {
    name: 'let the lease of a process that lives run out',
    file: `${orders}/saga/runner.ts`,
    from: 'if (held.size > 0) await renewLeases',
    to: 'if (held.size < 0) await renewLeases',
    test: ['subgraphs/orders/test/saga-lease.test.ts', 'is not asked a second time'],
  },
  {
    name: 'count a payment every time it is told',
    file: `${orders}/store/sagas.ts`,
    from: `AND (payment IS NULL OR ($2 = 'CAPTURED' AND payment <> 'CAPTURED'))`,
    to: '',
    test: ['subgraphs/orders/test/saga-lease.test.ts', 'takes the goods once'],
  },
  {
    name: 'give those behind what those before them took',
    file: `${products}/store/hold-across.ts`,
    from: 'coalesce(upto <= free,',
    to: 'coalesce(quantity <= free,',
    test: [stock, 'get exactly the last ten units'],
  },
  {
    name: 'give those behind the ready units that those before them took',
    file: `${products}/store/hold-together.ts`,
    from: 'WHERE upto <= ',
    to: 'WHERE quantity <= ',
    test: [stock, 'get exactly the last ten units'],
  },
  {
    name: 'hold everybody up at a shelf that is busy',
    file: `${products}/store/hold-across.ts`,
    from: 'FOR NO KEY UPDATE OF s SKIP LOCKED',
    to: 'FOR NO KEY UPDATE OF s',
    test: [stock, 'do not wait for a shelf that they want nothing of'],
  },
  {
    name: 'let the line behind find out by itself that a thing is gone',
    file: `${orders}/crowd.ts`,
    from: 'ask(wish).catch(() => undefined)',
    to: 'ask(wish).then(() => undefined, () => undefined)',
    test: ['subgraphs/orders/test/crowd.test.ts', 'without beginning a checkout for each'],
  },
  {
    name: 'forget to give the stock back',
    file: `${orders}/saga/steps.ts`,
    from: '  await participants.release(checkout.id)\n',
    to: '',
    test: [checkout, 'is a day; then the orders end'],
  },
  {
    name: 'drive the checkout of a transaction that was lost',
    file: `${orders}/commands/checkout.ts`,
    from: 'begun?.checkout.id === checkoutId ? begun : undefined',
    to: 'begun',
    test: ['subgraphs/orders/test/lost-transactions.test.ts', 'no cart is locked for the other'],
  },
  {
    name: 'forget to give the cart back',
    file: `${orders}/saga/steps.ts`,
    from: 'if (!cartCleared) await participants.unlockCart({ checkoutId: checkout.id, origins })',
    to: 'if (cartCleared === undefined) return done',
    test: [checkout, 'may try again with the same key after a refusal'],
  },
  {
    name: 'undo a checkout although its money is here',
    file: `${orders}/saga/steps.ts`,
    from: 'if (!captured) return done',
    to: 'if (!captured || captured) return done',
    test: [checkout, 'does not end what was paid at the last moment'],
  },
  {
    name: 'sell what is no longer reserved',
    file: `${orders}/saga/steps.ts`,
    from: 'if (!saga.context.stockLost) return done',
    to: 'if (saga.context.stockLost !== null) return done',
    test: [checkout, 'is given back where the goods are gone'],
  },
  {
    name: 'send the courier to where the goods were reserved first',
    file: `${orders}/saga/settle-orders.ts`,
    from: 'const facts = { reservedAs, origin: originOf(origins, order.shopId) }',
    to: 'const facts = { reservedAs }',
    test: [checkout, 'lie elsewhere by now'],
  },
  {
    name: 'sell for a courier who does not come',
    file: `${orders}/saga/steps.ts`,
    from: 'if (moved.length === 0) return true',
    to: 'if (moved.length >= 0) return true',
    test: [checkout, 'does not come to where the goods are now'],
  },
  {
    name: "trust the client's price",
    file: `${orders}/domain/plan-orders.ts`,
    from: 'agreed: expected === total',
    to: 'agreed: true',
    test: [checkout, 'compares the total that the buyer named'],
  },
  {
    name: 'forget the inbox',
    file: `${shared}/events/inbox.ts`,
    from: 'consumer, event.id, clock.now())) === 0) return false',
    to: 'consumer, event.id, clock.now())) < 0) return false',
    test: [messaging, 'lets an event have its effect once'],
  },
  {
    name: 'remember events by another clock than the one that forgets them',
    file: `${shared}/events/inbox.ts`,
    from: 'consumer, event.id, clock.now())',
    to: 'consumer, event.id, new Date())',
    test: [messaging, 'remembers an event for as long as'],
  },
  {
    name: 'mark as published what nobody took',
    file: `${shared}/events/relay.ts`,
    from: '    await bus.publish(domain, events)\n',
    to: '    void bus.publish(domain, events).catch(() => undefined)\n',
    test: [messaging, 'publishes again what a consumer could not take'],
  },
  {
    name: 'place events before their commit',
    file: `${shared}/events/outbox.ts`,
    from: `  INSERT INTO outbox_event (aggregate_id, seq, type, payload, keys, occurred_at)
  SELECT $1, seq, $2::text, $3::jsonb, $4::text[], $5::timestamptz FROM sequence`,
    to: `  INSERT INTO outbox_event (id, aggregate_id, seq, type, payload, keys, occurred_at, position)
  SELECT nextval('outbox_event_id_seq'), $1, seq, $2::text, $3::jsonb, $4::text[], $5::timestamptz, currval('outbox_event_id_seq')
  FROM sequence`,
    test: [messaging, 'gives positions in commit order'],
  },
  {
    name: 'leave gaps in the numbers of events',
    file: `${shared}/events/outbox.ts`,
    from: 'DO UPDATE SET seq = aggregate_sequence.seq + 1 RETURNING seq',
    to: 'DO UPDATE SET seq = aggregate_sequence.seq + 2 RETURNING seq',
    test: [messaging, 'numbers the events of one aggregate without gap'],
  },
  {
    name: 'take a key for any input',
    file: `${shared}/idempotency.ts`,
    from: 'if (before && before.hash !== hash)',
    to: `if (before?.hash === '')`,
    test: [messaging, 'is refused with another input'],
  },
  {
    name: 'keep what a refusal had begun',
    file: `${shared}/idempotency.ts`,
    from: '      if (isRefusal(result)) throw new Refused(result)\n',
    to: '',
    test: [messaging, 'does not record a refusal, and rolls back'],
  },
  {
    name: 'give up a transaction that lost',
    file: `${shared}/postgres/database-errors.ts`,
    from: `const lostCodes = new Set<unknown>(['P2034', '40001', '40P01'])`,
    to: `const lostCodes = new Set<unknown>(['P2034'])`,
    test: ['subgraphs/orders/test/lost-transactions.test.ts', 'is made again'],
  },
  {
    name: 'split unevenly',
    file: `${shared}/money.ts`,
    from: 'shares[index]!.part += sign',
    to: 'shares[index]!.part += 0n',
    test: ['subgraphs/shared/src/money.test.ts', 'never loses a rupiah'],
  },
  {
    name: 'drop the CHECK of the stock',
    file: 'prisma/products/migrations/20261121000100_products/migration.sql',
    from: 'ALTER TABLE "stock" ADD CONSTRAINT "stock_reserved_within_on_hand" CHECK (0 <= "reserved" AND "reserved" <= "on_hand");',
    to: '',
    test: [stock, 'find no way around the database'],
  },
  {
    name: 'look at each line of a SKU by itself',
    file: `${products}/domain/allocation.ts`,
    from: 'sums.set(variantId, (sums.get(variantId) ?? 0) + quantity)',
    to: 'sums.set(variantId, quantity)',
    test: [stock, 'sums lines of one SKU'],
  },
  {
    name: 'put units back that were put back',
    file: `${products}/store/put-back.ts`,
    from: 'a.quantity - a.restocked AS units,',
    to: 'a.quantity AS units,',
    test: [stock, 'of which units came back before puts only the rest back'],
  },
  {
    name: 'let a journal lean to one side',
    file: 'prisma/payments/migrations/20261121000100_payments/migration.sql',
    from: `CREATE CONSTRAINT TRIGGER "journal_balances" AFTER INSERT ON "journal"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "refuse_unbalanced"();`,
    to: '',
    test: ['subgraphs/payments/test/ledger.test.ts', 'refuses a journal that does not balance'],
  },
  {
    name: 'let a balance fall below zero',
    file: 'prisma/payments/migrations/20261121000100_payments/migration.sql',
    from: `CHECK ("may_be_negative" OR CASE "normal_side" WHEN 'DEBIT' THEN "balance" >= 0 ELSE "balance" <= 0 END)`,
    to: 'CHECK (true)',
    test: ['subgraphs/payments/test/ledger.test.ts', 'refuses to let an escrow or a balance fall below zero'],
  },
  {
    name: 'take any amount',
    file: `${payments}/commands/record-message.ts`,
    from: `  if (payment.amount !== message.amount) return { outcome: 'WRONG_AMOUNT', payment }\n`,
    to: '',
    test: [notifications, 'with another amount than was asked for'],
  },
  {
    name: 'read a payment without waiting for whoever holds it',
    file: `${payments}/store/payments.ts`,
    from: 'WHERE ${column} = $1 FOR NO KEY UPDATE`',
    to: 'WHERE ${column} = $1`',
    test: [notifications, 'books each rupiah once'],
  },
  {
    name: 'believe any signature',
    file: `${payments}/providers/fields.ts`,
    from: 'return timingSafeEqual(digest(given), digest(expected))',
    to: 'return timingSafeEqual(digest(expected), digest(expected)) || given === expected',
    test: [notifications, 'with a wrong signature is refused'],
  },
  {
    name: 'hold a late word of what went back against what went back after it',
    file: `${payments}/domain/payment.ts`,
    from: 'only: isPartial(status) && reversedAmount !== null && reversalKey !== null',
    to: 'only: false',
    test: ['subgraphs/payments/test/disputes.test.ts', 'is known as disputed when only its own word is here'],
  },
  {
    name: 'keep what a bank gives back',
    file: `${payments}/commands/hear-dispute.ts`,
    from: 'if (held < booked) return giveBack(',
    to: 'if (held < 0n) return giveBack(',
    test: ['subgraphs/payments/test/xendit-disputes.test.ts', 'is as if nothing had been when the market wins'],
  },
  {
    name: 'pay the seller what is to go back',
    file: `${payments}/commands/release-escrow.ts`,
    from: 'if (order && !isRefunded(order, refunded)) throw',
    to: 'if (order && !isRefunded(order, refunded) && !known) throw',
    test: [escrow, 'is not paid to the seller when the end of the order is told before the refund'],
  },
  ...voucherMutants,
  ...flashSaleMutants,
  ...peopleMutants,
]
