import type { Mutant } from './mutant.ts'

const orders = 'subgraphs/orders'
const users = 'subgraphs/users'
const logistics = 'subgraphs/logistics'

/** Of what is somebody's business and what is not, and of what a courier owes. */
export const peopleMutants: readonly Mutant[] = [
  {
    name: 'let staff look and tell nobody',
    file: 'subgraphs/shared/src/subgraph/looks.ts',
    from: '  await noteLook(subjectId, { action, reason })\n',
    to: '',
    test: [`${orders}/test/voucher-making.test.ts`, 'when the audit log says that they looked'],
  },
  {
    name: 'let whoever helps in a shop decide for it about what they bought there',
    file: `${orders}/src/access.ts`,
    from: 'const sells = buys ? viewer.shopIds.includes(order.shopId) : actsFor(viewer, order.shopId)',
    to: 'const sells = actsFor(viewer, order.shopId)',
    test: [`${orders}/test/own-case.test.ts`, 'decides nothing for the shop about what they bought'],
  },
  {
    name: 'let a session that has ended bring others into a shop',
    file: `${users}/src/sessions.ts`,
    from: 'return sessionGoesOn(tx, { id: sessionId, accountId, at: clock.now() })',
    to: `return sessionId !== ''`,
    test: [`${users}/test/shop-members.test.ts`, 'is not sent in a session that has ended'],
  },
  {
    name: 'let a courier owe a rupiah less for each unit that it lost',
    file: `${logistics}/src/contents.ts`,
    from: 'const dearer = paid - value * quantity',
    to: 'const dearer = 0 * paid',
    test: [`${logistics}/test/contents.test.ts`, 'is worth what was paid for them, to the rupiah'],
  },
]
