import type { Calls } from '@pasar/shared/subgraph/calls'
import type { Domain } from '@pasar/shared/domains'
import type { Caller } from '@pasar/shared/identity/signature'
import type { Platform, Subgraph } from '@pasar/shared/subgraph/open-subgraph'
import type { Users } from '@pasar/users/subgraph'

/** The six subgraphs of a market, by domain. */
export type Subgraphs = Readonly<Record<Domain, Subgraph>> & { readonly users: Users }

/** Opens one subgraph over its database. */
export type Opener = (platform: Platform, databaseUrl: string) => Promise<Subgraph>

/** How each of the six is opened; `callsOf` says how a subgraph reaches the others. A process loads the code of those that it opens. */
export const openersWith = (callsOf: (name: Caller) => Calls): Readonly<Record<Domain, Opener>> => ({
  users: async (...where) => (await import('@pasar/users/subgraph')).openUsers(...where, callsOf('users')),
  products: async (...where) => (await import('@pasar/products/subgraph')).openProducts(...where),
  carts: async (...where) => (await import('@pasar/carts/subgraph')).openCarts(...where),
  payments: async (...where) => (await import('@pasar/payments/subgraph')).openPayments(...where),
  logistics: async (...where) => (await import('@pasar/logistics/subgraph')).openLogistics(...where),
  orders: async (...where) => (await import('@pasar/orders/subgraph')).openOrders(...where, callsOf('orders')),
})
