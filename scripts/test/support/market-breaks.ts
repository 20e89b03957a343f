import { domains, type Domain } from '@pasar/shared/domains'

/** A way to break one database of a market, and what the invariants say then. */
export interface MarketBreak {
  readonly domain: Domain
  readonly what: string
  /** Each changes a row at least. */
  readonly sql: readonly string[]
  readonly says: readonly string[]
}

/** A change of one row. */
const one = (table: string, set: string, where = 'true'): string =>
  `UPDATE ${table} SET ${set} WHERE ctid = (SELECT ctid FROM ${table} WHERE ${where} LIMIT 1)`
const gone = (table: string, where = 'true'): string =>
  `DELETE FROM ${table} WHERE ctid = (SELECT ctid FROM ${table} WHERE ${where} LIMIT 1)`

type Row = readonly [what: string, sql: string | readonly string[], ...says: readonly string[]]

const of = (domain: Domain, rows: readonly Row[]): MarketBreak[] =>
  rows.map(([what, sql, ...says]) => ({ domain, what, sql: [sql].flat(), says }))

const event = (seq: number, { position = 'NULL', published = 'NULL' } = {}): string =>
  `INSERT INTO outbox_event (aggregate_id, seq, type, payload, keys, occurred_at, position, published_at)
    VALUES ('thing', ${seq}, 'Told', '{}', '{}', '2020-01-01', ${position}, ${published})`
const numbered = (seq: number): string => `INSERT INTO aggregate_sequence (aggregate_id, seq) VALUES ('thing', ${seq})`
const told = { position: '900000001', published: `'2020-01-01'` }

/** What may be wrong with the messages of every domain. */
const ofMessages = domains.flatMap((domain) =>
  of(domain, [
    ['an event is lost behind the last one', [event(1, told), numbered(2)], 'events of thing end at 1 of 2'],
    [
      'an event is lost between two',
      [event(1, told), event(3, { ...told, position: '900000002' }), numbered(3)],
      'events of thing end at 3 of 3, 2 of them',
    ],
    ['an event has no place', [event(1, { published: `'2020-01-01'` }), numbered(1)], 'is published without a place'],
    ['an event is told to nobody', [event(1), numbered(1)], '1 events are not published'],
    [
      'a key has no outcome',
      `INSERT INTO idempotency_record (scope, actor, key, request_hash, created_at, expires_at)
        VALUES ('buy', 'somebody', 'key', '', '2020-01-01', '2020-01-01')`,
      'buy key was begun and has no outcome',
    ],
    [
      'a consumer has given up',
      `INSERT INTO parked_event (consumer, event_id, event, reason, parked_at) VALUES ('inbox', '1', '{}', 'why', '2020-01-01')`,
      'inbox parked 1: why',
    ],
  ]),
)

const ofMoney = of('payments', [
  ['a posting is a rupiah more', one('posting', 'amount = amount + 1'), 'the ledger sums to 1', 'sums to 1'],
  [
    'a journal has no postings',
    `INSERT INTO journal (id, kind, reference, posted_at) VALUES ('jnl', 'CAPTURE', 'nothing', '2020-01-01')`,
    'journal jnl has no postings',
  ],
  ['a balance is not its postings', one('account', 'balance = balance - 1', `kind = 'SELLER_BALANCE'`), ', its postings '],
  ['a balance is below zero', one('account', 'balance = 1', `kind = 'ESCROW' AND balance = 0`), ' is negative: 1'],
  [
    'an order got more back than it cost',
    one('refund', 'amount = amount + 1000000000', `against = 'PROVIDER'`),
    ' back of ',
    ' in payments',
    'its refunds ',
    ', which is of ',
  ],
  [
    'a refund settles a dispute that there is not',
    one('refund', 'disputed_amount = disputed_amount + 1'),
    ' settle 1 of what went back unasked, which was 0',
  ],
  [
    'what went back never came',
    'UPDATE payment SET captured_at = NULL WHERE id IN (SELECT payment_id FROM refund)',
    ' is not captured and refunds ',
    ' is PAID, its payment ',
  ],
  [
    'a payment is not the sum of its orders',
    one('payment', 'amount = amount + 1', `state = 'PENDING'`),
    ', its orders of ',
    ', its payment for ',
  ],
  [
    'a payment is of no order',
    `DELETE FROM payment_order o USING payment p WHERE p.id = o.payment_id AND p.state = 'PENDING'`,
    ', its orders of 0',
  ],
  [
    'a refund is asked for and owed on no account',
    [`UPDATE refund SET state = 'REQUESTED' WHERE against = 'PROVIDER'`, `DELETE FROM account WHERE kind = 'REFUND_PAYABLE'`],
    ' is owed 0 of refunds, asked for are ',
  ],
  [
    'money is held that is released',
    one('payment_order', `escrow = 'HELD'`, `escrow = 'RELEASED'`),
    ' (HELD) holds 0 of ',
    'its money HELD',
  ],
  [
    'money of a cancelled order did not go back',
    one('payment_order', `escrow = 'HELD'`, `escrow = 'REFUNDED'`),
    ' is CANCELLED and paid, its money HELD',
  ],
  [
    'a refund is owed that is done',
    one('refund', `state = 'REQUESTED', next_try_at = '2020-01-01'`, `state = 'COMPLETED' AND against = 'PROVIDER'`),
    ' is owed 0 of refunds, asked for are ',
    'has been due since',
    ', which is REQUESTED against PROVIDER',
    'a refund, ',
  ],
  [
    'a refund is of more than orders has decided',
    one('payment_order', 'refunded_items = refunded_items + 1'),
    ' has given ',
    ' decided to give ',
  ],
  [
    'a refund was never heard of',
    gone('refund', `against = 'PROVIDER'`),
    ': 1 in orders, 0 in payments',
    'which payments does not know',
  ],
  [
    'a refund was decided by nobody',
    `INSERT INTO refund (id, order_id, payment_id, buyer_id, shop_id, amount, destination, against, state, next_try_at, created_at)
      SELECT 'rfd_nobody', order_id, payment_id, buyer_id, shop_id, amount, destination, against, state, next_try_at, created_at FROM refund LIMIT 1`,
    'a refund, rfd_nobody',
    ': 0 in orders, 1 in payments',
  ],
  [
    'a withdrawal is on its way that has arrived',
    one('withdrawal', `state = 'SENT'`, `state = 'PAID'`),
    ' has 0 on its way',
    ', which is SENT',
  ],
  [
    'a withdrawal was never sent',
    one('withdrawal', `state = 'REQUESTED', next_try_at = '2020-01-01'`),
    'has been due since',
    ' has 0 on its way',
  ],
  [
    'a withdrawal arrived with somebody else',
    one('withdrawal', `number = '999'`, `state = 'PAID'`),
    ' on another account than 999',
  ],
  [
    'a withdrawal is said to have arrived that was sent back',
    one('withdrawal', `state = 'PAID'`, `state = 'REVERSED'`),
    'no bank has it',
  ],
  [
    'a shop has money and owes some',
    `INSERT INTO account (id, kind, owner_id, normal_side, may_be_negative, currency, balance, opened_at)
      SELECT 'debt', 'SELLER_RECEIVABLE', owner_id, 'DEBIT', false, 'IDR', 5, '2020-01-01' FROM account
      WHERE kind = 'SELLER_BALANCE' AND balance < 0 LIMIT 1`,
    ' and owes 5',
  ],
  [
    'a courier is due more than its account says',
    one('courier_due', 'amount = amount + 1', `state = 'OPEN'`),
    'dues of jne by its ',
  ],
  [
    'a courier owes another amount for a lost parcel',
    one('courier_due', 'amount = amount + 1', `kind = 'LOST_PARCEL'`),
    ': 1 in logistics, 0 in payments',
    ': 0 in logistics, 1 in payments',
  ],
  ['a payment is never asked about', one('payment', `check_at = '2020-01-01'`), 'the question after payment '],
  [
    'a payment is of no checkout',
    one('payment', `checkout_id = 'nobody'`, `state = 'PENDING'`),
    'a payment of nobody, which orders does not know',
    ', its payment for undefined',
  ],
])

const ofOrders = of('orders', [
  ['a change left no line in its history', one('shop_order', 'version = version + 1'), ' is at version '],
  [
    'an order has no history',
    `DELETE FROM order_history WHERE order_id = (SELECT min(order_id) FROM order_history)`,
    ', its history has 0',
  ],
  ['an order has no lines', `DELETE FROM order_line WHERE order_id = (SELECT min(order_id) FROM order_line)`, ' has lines of 0'],
  ['a line of its history is missing', gone('order_history', 'version = 2'), ', its history has '],
  [
    'an order made a move that there is not',
    `UPDATE order_history h SET state = 'AWAITING_PAYMENT' FROM shop_order o
      WHERE o.id = h.order_id AND h.version = o.version AND o.state = 'COMPLETED'`,
    ' to AWAITING_PAYMENT',
    ', its history says AWAITING_PAYMENT',
  ],
  [
    'an order goes on that is completed',
    one('shop_order', `state = 'SHIPPED'`, `state = 'COMPLETED'`),
    ' is SHIPPED, its history says COMPLETED',
    ' is SHIPPED, its money RELEASED',
  ],
  [
    'a seller is to do what is done',
    one('shop_order', `seller_due_at = '2020-01-01'`, `state = 'COMPLETED'`),
    ' is listed as due at ',
  ],
  ['an order costs more than its lines', one('shop_order', 'items_total = items_total + 1'), ' has lines of ', ' has orders of '],
  [
    'an order gave back what no refund has',
    one('shop_order', 'refunded_shipping = refunded_shipping + 1'),
    ' gives back ',
    ' decided to give ',
  ],
  [
    'a refund is of more than its lines',
    one('order_refund', 'items_amount = items_amount + 1', 'items_amount > 0'),
    ' of goods for ',
    ': 1 in orders, 0 in payments',
  ],
  ['a line gives back more units than it has', one('order_refund_line', 'quantity = quantity + 100'), ' units gives back '],
  ['a line gives back more than was paid', one('order_refund_line', 'amount = amount + 1000000000'), ' units gives back '],
  [
    'a checkout is not the sum of its orders',
    one('checkout', 'items_total = items_total + 1', `state = 'AWAITING_PAYMENT'`),
    ' has orders of ',
    ', its payment for ',
  ],
  ['a discount is more than its lines say', one('order_line', 'discount = discount + 1', 'discount > 0'), ' cheaper, its lines '],
  ['a voucher counts a use that nobody has', one('voucher', 'used = used + 1'), ' uses, orders hold '],
  ['a voucher is used more often than it may be', one('voucher', 'uses = 0', 'used > 0'), ' counts 1 of 0 uses, orders hold 1'],
  ['a buyer uses a voucher more often than one may', one('voucher', 'uses_per_buyer = 0', 'used > 0'), ' uses of voucher '],
  [
    'an order is cheaper by a use that it gave back',
    one('voucher_use', `given_back_at = '2020-01-01'`),
    ' and holds no use of its voucher',
  ],
  [
    'a cancelled order keeps the use of its voucher',
    one('shop_order', `state = 'CANCELLED'`, `voucher_code IS NOT NULL AND state <> 'CANCELLED'`),
    ' is cancelled and holds a use of its voucher',
    ' is CANCELLED and paid, its money ',
  ],
  [
    'orders are there before their goods',
    one('saga', `context = context - 'reserved'`, `context ? 'reserved'`),
    ' are visible and nothing is reserved for them',
  ],
  [
    'a cart is bought twice at once',
    `UPDATE checkout SET state = 'PROCESSING', cart_id = 'crt', buyer_id = 'usr'`,
    'cart crt of usr is in ',
    ' is PROCESSING, its saga at ',
  ],
  [
    'a cart is bought twice',
    `UPDATE checkout SET cart_id = 'crt', buyer_id = 'usr', cart_version = 1 WHERE state = 'PAID'`,
    'cart crt of usr was bought ',
  ],
  [
    'a buyer is not told of the payment',
    one('checkout', 'payment_received_at = NULL', `state = 'PAID'`),
    ', and its buyer is not told',
  ],
  [
    'a saga stands still',
    one('saga', `next_try_at = '2020-01-01', step = 'confirmStock'`, `step = 'ended'`),
    ' stands at confirmStock ',
    'has been due since',
  ],
  [
    'a checkout waits whose saga has ended',
    one('checkout', `state = 'AWAITING_PAYMENT'`, `state = 'PAID'`),
    ' is AWAITING_PAYMENT, its saga at ',
    ', its stock CONFIRMED',
  ],
  ['a deadline was not carried out', one('deadline', `done_at = NULL, due_at = '2020-01-01'`), 'deadline '],
  [
    'an order is not known to be paid',
    one('shop_order', 'paid_at = NULL', `state = 'COMPLETED'`),
    ' as unpaid, but its payment was captured',
  ],
  [
    'an order has no goods',
    `UPDATE shop_order SET reserved_as = NULL WHERE state = 'COMPLETED'`,
    ', its stock never taken',
    'stock is CONFIRMED for ',
  ],
  [
    'a parcel leaves from elsewhere',
    one('shop_order', `origin = jsonb_set(origin, '{regencyCode}', '"99.99"')`, `state = 'COMPLETED'`),
    ' 99.99, its goods were taken from ',
  ],
  [
    'an order has a unit more than was taken',
    one('order_line', 'quantity = quantity + 1', `order_id IN (SELECT id FROM shop_order WHERE state = 'COMPLETED')`),
    ' units for orders of ',
  ],
  [
    'a checkout has no orders',
    `DELETE FROM shop_order o USING checkout c WHERE c.id = checkout_id AND c.state = 'AWAITING_PAYMENT'`,
    ' and has no orders',
  ],
  [
    'an order of an ended checkout goes on',
    `UPDATE shop_order o SET state = 'PAID' FROM checkout c WHERE c.id = checkout_id AND c.state = 'CANCELLED'`,
    ', an order of it goes on',
  ],
])

const ofGoods = of('products', [
  ['more is reserved than there is', one('stock', 'reserved = on_hand + 1'), ' reserved', ' lie ready'],
  ['a unit is on hand that never came', one('stock', 'on_hand = on_hand + 1'), ' on hand, its movements left ', ' there: '],
  [
    'a unit was reserved and not sold',
    one(
      'reservation_allocation',
      'quantity = quantity + 1',
      `reservation_id IN (SELECT id FROM reservation WHERE state = 'CONFIRMED')`,
    ),
    ' (CONFIRMED) sold ',
  ],
  [
    'goods were sold of a reservation that ran out',
    `UPDATE reservation SET state = 'EXPIRED' WHERE state = 'CONFIRMED'`,
    ' (EXPIRED) sold ',
    ', its stock EXPIRED',
  ],
  [
    'goods were sold of a reservation that was given back',
    `UPDATE reservation SET state = 'RELEASED' WHERE state = 'CONFIRMED'`,
    ' (RELEASED) sold ',
  ],
  [
    'goods were sold for which nobody had reserved',
    one('stock_movement', `reference = 'nobody'`, `kind = 'SALE'`),
    'reservation nobody (unknown) sold ',
    ' (CONFIRMED) sold 0 of ',
  ],
  [
    'stock is there that nobody brought',
    `INSERT INTO stock (variant_id, warehouse_id, on_hand, reserved) SELECT variant_id, 'nowhere', 5, 0 FROM stock LIMIT 1`,
    ' has 5 on hand, its movements left 0',
  ],
  ['a unit came back once more', one('reservation_allocation', 'restocked = restocked + 1'), ' times, its reservations say '],
  ['units that were cancelled did not come back', 'UPDATE reservation_allocation SET restocked = 0', ' cancelled units of '],
  ['a flash sale counts what nobody took', one('flash_sale', 'taken = taken + 1', 'units IS NOT NULL'), ' taken and '],
  [
    'a flash sale sold what nobody bought',
    one('flash_sale', 'sold = sold + 1', 'units IS NOT NULL'),
    ' sold, its checkouts have ',
  ],
  ['a flash sale gave more than it had', one('flash_sale', 'units = 0', 'taken > 0'), ' taken and '],
  [
    'a flash sale gave one buyer more than one may have',
    one('flash_sale', 'units_per_buyer = 0', 'taken > 0'),
    ' gave one buyer ',
  ],
  ['a flash sale runs at another price', one('flash_sale', `state = 'RUNNING', price = 1`), ' runs at 1, its variant costs '],
  ['a flash sale has not begun in time', one('flash_sale', `turns_at = '2020-01-01'`), 'flash sale '],
  [
    'stock is held longer than it may be',
    one('reservation', `expires_at = '2020-01-01'`, `state = 'HELD'`),
    'the end of reservation ',
  ],
  ['a reservation changed and told nobody', one('reservation', 'version = version + 1'), 'events of '],
  ['a product says that more are sold', one('product', 'sold_count = sold_count + 1'), ' are sold, its shelves '],
  [
    'stock is not held that a checkout waits with',
    one('reservation', `state = 'RELEASED'`, `state = 'HELD'`),
    ' is AWAITING_PAYMENT, its stock RELEASED',
  ],
  [
    'stock is held for a checkout that has ended',
    one('reservation', `state = 'HELD'`, `state = 'RELEASED'`),
    ', its stock still held',
  ],
  [
    'stock is held under an id of its own',
    one('reservation', `checkout_id = 'nobody'`, `state = 'HELD'`),
    'stock is HELD for nobody, as which no order has it',
    ', its stock never reserved',
  ],
  [
    'a product counts a review that nobody wrote',
    one('product', 'rating_counts[5] = rating_counts[5] + 1'),
    '1 reviews of 1 to 5 stars, there are 0',
  ],
  [
    'a shop counts a review that none of its products has',
    `INSERT INTO shop_rating (shop_id, review_count, stars) VALUES ('shp', 1, 5)`,
    'shop shp says 1 reviews of 5 stars, its products have 0 of 0',
  ],
  ['a purchase may not be reviewed', gone('purchase'), ': 1 in orders, 0 in products'],
  [
    'a purchase may be reviewed that never was',
    one('purchase', `order_line_id = 'nobody'`),
    'nobody: 0 in orders, 1 in products',
  ],
  ['a thing is off sale, and carts do not know', one('variant', 'active = false'), ': 0 in products, 1 in carts'],
])

const ofCarts = of('carts', [
  ['a cart is still locked', one('cart_lock', `state = 'LOCKED'`, `state <> 'LOCKED'`), ', its cart still locked'],
  [
    'a cart is locked by nobody',
    `INSERT INTO cart_lock (checkout_id, state, created_at) VALUES ('nobody', 'LOCKED', '2020-01-01')`,
    'a cart is locked by nobody',
  ],
  [
    'a cart has another price',
    one('listing', 'price = price + 1', 'active'),
    ': 1 in products, 0 in carts',
    ': 0 in products, 1 in carts',
  ],
  ['a cart sees another stock', one('listing', 'available = available + 1', 'active'), ': 1 in products, 0 in carts'],
  ['a cart does not know what is on sale', one('listing', 'active = false', 'active'), ': 1 in products, 0 in carts'],
])

const ofParcels = of('logistics', [
  ['no parcel was asked for', 'DELETE FROM shipment', ' and no parcel was asked for', 'which logistics does not know'],
  [
    'a courier has another parcel',
    one('shipment', `tracking_number = 'JNE0'`, `status = 'DELIVERED'`),
    'is booked as JNE0, which no courier knows',
    ', which is JNE0',
  ],
  [
    'a courier comes for what is called off',
    one('shipment', `status = 'CANCELLED'`, `status = 'DELIVERED'`),
    ', which is called off',
  ],
  [
    'no courier was ever asked',
    one('shipment', `tracking_number = NULL, status = 'CONFIRMED', next_try_at = '2020-01-01'`, 'tracking_number IS NOT NULL'),
    'has been due since',
  ],
  [
    'a courier never said whether it stops',
    one('shipment', `cancel_requested_at = '2020-01-01', cancel_answered_at = NULL, next_try_at = '2020-01-01'`),
    'has been due since',
  ],
  ['a courier owes for a parcel that it did not lose', gone('courier_claim'), ': 0 in logistics, 1 in payments'],
])

const ofPeople = of('users', [
  ['an act of staff is not in the audit log', gone('audit_entry', `domain = 'payments'`), ': 1 in payments, 0 in users'],
  [
    'an act of staff is in it twice',
    `INSERT INTO audit_entry (id, occurred_at, actor_id, action, subject_id, domain)
      SELECT 'aud_again', occurred_at, actor_id, action, subject_id, domain FROM audit_entry WHERE domain = 'orders' LIMIT 1`,
    ': 1 in orders, 2 in users',
  ],
  [
    'an act of staff is in it that nobody did',
    `INSERT INTO audit_entry (id, occurred_at, actor_id, action, subject_id, domain)
      SELECT 'aud_nobody', max(occurred_at) + interval '1 s', 'nobody', 'order.refund', 'ord', 'orders' FROM audit_entry`,
    'nobody order.refund ord: 0 in orders, 1 in users',
  ],
])

/** At least one for every question that the invariants ask. */
export const marketBreaks: readonly MarketBreak[] = [
  ...ofMessages,
  ...ofMoney,
  ...ofOrders,
  ...ofGoods,
  ...ofCarts,
  ...ofParcels,
  ...ofPeople,
]
