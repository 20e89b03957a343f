import { openCarts } from '@pasar/carts/subgraph'
import { openLogistics } from '@pasar/logistics/subgraph'
import { openOrders } from '@pasar/orders/subgraph'
import { openPayments } from '@pasar/payments/subgraph'
import { openProducts } from '@pasar/products/subgraph'
import type { Calls } from '@pasar/shared/calls'
import type { Domain } from '@pasar/shared/domains'
import type { Platform, Subgraph } from '@pasar/shared/subgraph'
import { openUsers, type Users } from '@pasar/users/subgraph'

/** The six subgraphs of a market, by domain. */
export type Subgraphs = Readonly<Record<Domain, Subgraph>> & { readonly users: Users }

/** Opens one subgraph over its database. */
export type Opener = (platform: Platform, databaseUrl: string) => Promise<Subgraph>

/** How each of the six is opened; `calls` is how orders reaches the others. */
export const openersWith = (calls: Calls): Readonly<Record<Domain, Opener>> => ({
  users: openUsers,
  products: openProducts,
  carts: openCarts,
  payments: openPayments,
  logistics: openLogistics,
  orders: (platform, databaseUrl) => openOrders(platform, databaseUrl, calls),
})
