/** The six domains: one subgraph, one Prisma schema and one database each. */
export const domains = ['products', 'users', 'carts', 'orders', 'payments', 'logistics'] as const

/** One of the six domains. */
export type Domain = (typeof domains)[number]
