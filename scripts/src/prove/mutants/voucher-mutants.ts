import type { Mutant } from './mutant.ts'

const orders = 'subgraphs/orders/src'
const voucherBugs = 'subgraphs/orders/test/public-bugs.test.ts'

/** Promises about vouchers. */
export const voucherMutants: readonly Mutant[] = [
  {
    name: 'let buyers of a voucher not wait for one another',
    file: `${orders}/store/voucher-uses.ts`,
    from: 'ORDER BY shop_id, id FOR NO KEY UPDATE',
    to: 'ORDER BY shop_id, id',
    test: [voucherBugs, 'whose first one is just being placed waits for that'],
  },
  {
    name: 'count no further than the last use of a voucher',
    file: `${orders}/domain/voucher.ts`,
    from: `return used >= uses ? 'USED_UP' : undefined`,
    to: `return used > uses ? 'USED_UP' : undefined`,
    test: [voucherBugs, 'fifty buyers of ten uses'],
  },
  {
    name: 'let one buyer use a voucher once more than one may',
    file: `${orders}/domain/voucher.ts`,
    from: 'if (usedByBuyer >= usesPerBuyer)',
    to: 'if (usedByBuyer > usesPerBuyer)',
    test: [voucherBugs, 'eight carts of one buyer'],
  },
  {
    name: 'give the use of a voucher back as often as its order ends',
    file: `${orders}/store/voucher-uses.ts`,
    from: 'WHERE order_id = $1 AND given_back_at IS NULL RETURNING voucher_id',
    to: 'WHERE order_id = $1 RETURNING voucher_id',
    test: ['subgraphs/orders/test/vouchers-given-back.test.ts', 'where somebody else has the use by now'],
  },
  {
    name: 'drop the CHECK of a voucher',
    file: 'prisma/orders/migrations/20261122131500_vouchers/migration.sql',
    from: '  CONSTRAINT "voucher_used_within" CHECK ("used" BETWEEN 0 AND "uses"),\n',
    to: '',
    test: [voucherBugs, 'the database itself refuses'],
  },
]
