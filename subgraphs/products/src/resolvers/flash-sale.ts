import { rupiah } from '@pasar/shared/money'
import type { Resolvers } from '../generated/resolvers.ts'

/** Fields of flash sales. */
export const flashSales = {
  FlashSale: {
    variant: async ({ variantId }, _, { loaders }) => (await loaders.variant.load(variantId))!,
    price: ({ price }) => rupiah(price),
    remaining: ({ units, taken }) => (units === null ? null : units - taken),
    regularPrice: ({ regularPrice }) => (regularPrice === null ? null : rupiah(regularPrice)),
  },
} satisfies Resolvers
