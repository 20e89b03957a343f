import { isStaff } from '@pasar/shared/viewer'
import { rupiah } from '@pasar/shared/money'
import { findRegency } from '@pasar/shared/regions'
import type { PageArguments } from '@pasar/shared/page'
import { ownsShop, type ProductsContext } from '../context.ts'
import { isListed, statusForOthers } from '../domain/product.ts'
import { summarize } from '../domain/review.ts'
import * as queries from '../queries.ts'
import type { Counted, Facets } from '../store/facets.ts'
import type { CategoryRow } from '../store/categories.ts'
import type { ComponentRow } from '../store/bundles.ts'
import type { ProductRow } from '../store/products.ts'
import type { ReviewRow, ReviewSort } from '../store/reviews.ts'
import type { VariantRow } from '../store/variants.ts'

type Reference = { readonly id: string }

const shopOf = ({ shopId }: { readonly shopId: string }) => ({ __typename: 'Shop', id: shopId })

/** Fields of the things that buyers look at. */
export const catalogue = {
  Category: {
    __resolveReference: ({ id }: Reference, ctx: ProductsContext) => queries.findCategory(ctx, id),
    name: ({ name, englishName }: CategoryRow, _: unknown, { locale }: ProductsContext) =>
      locale === 'en' ? (englishName ?? name) : name,
    parent: ({ parentId }: CategoryRow, _: unknown, { loaders }: ProductsContext) => parentId && loaders.category.load(parentId),
    children: ({ id }: CategoryRow, args: PageArguments, ctx: ProductsContext) => queries.categoryChildren(ctx, id, args),
    breadcrumbs: ({ path }: CategoryRow, _: unknown, { loaders }: ProductsContext) => loaders.category.loadMany(path),
  },
  Product: {
    __resolveReference: ({ id }: Reference, ctx: ProductsContext) => queries.referencedProduct(ctx, id),
    status: ({ status, shopId }: ProductRow, _: unknown, ctx: ProductsContext) =>
      ownsShop(ctx, shopId) || isStaff(ctx.viewer) ? status : statusForOthers(status),
    moderation: (product: ProductRow, _: unknown, ctx: ProductsContext) => queries.productModeration(ctx, product),
    shop: shopOf,
    category: ({ categoryId }: ProductRow, _: unknown, { loaders }: ProductsContext) => loaders.category.load(categoryId),
    variants: async ({ id, shopId }: ProductRow, _: unknown, ctx: ProductsContext) =>
      (await ctx.loaders.variantsOf.load(id)).filter(({ active }) => active || ownsShop(ctx, shopId)),
    minPrice: ({ minPrice }: ProductRow) => rupiah(minPrice),
    maxPrice: ({ maxPrice }: ProductRow) => rupiah(maxPrice),
    rating: ({ ratingCounts }: ProductRow) => summarize(ratingCounts),
    reviews: ({ id }: ProductRow, args: PageArguments & { sort?: ReviewSort | null }, ctx: ProductsContext) =>
      queries.productReviews(ctx, id, args),
  },
  ProductFacets: {
    regencies: ({ regencies }: Facets) =>
      regencies.map(({ value, count }) => ({ code: value, name: findRegency(value)?.name ?? value, count })),
    ratings: ({ ratings }: Facets) => ratings.map(({ value, count }) => ({ atLeast: value, count })),
    minPrice: ({ minPrice }: Facets) => minPrice && rupiah(BigInt(minPrice)),
    maxPrice: ({ maxPrice }: Facets) => maxPrice && rupiah(BigInt(maxPrice)),
  },
  CategoryFacet: {
    category: ({ value }: Counted<string>, _: unknown, { loaders }: ProductsContext) => loaders.category.load(value),
  },
  Variant: {
    __resolveReference: ({ id }: Reference, ctx: ProductsContext) => queries.referencedVariant(ctx, id),
    product: ({ productId }: VariantRow, _: unknown, { loaders }: ProductsContext) => loaders.product.load(productId),
    price: ({ price }: VariantRow) => rupiah(price),
    available: async ({ productId, active, available }: VariantRow, _: unknown, { loaders }: ProductsContext) => {
      const product = active ? await loaders.product.load(productId) : null
      return product && isListed(product) ? available : 0
    },
    stock: ({ id, shopId }: VariantRow, _: unknown, ctx: ProductsContext) =>
      ownsShop(ctx, shopId) ? ctx.loaders.stockOf.load(id) : null,
    movements: (variant: VariantRow, args: PageArguments & { holds?: boolean | null }, ctx: ProductsContext) =>
      queries.variantMovements(ctx, variant, args),
    stockMode: ({ shopId, stockMode }: VariantRow, _: unknown, ctx: ProductsContext) =>
      ownsShop(ctx, shopId) || isStaff(ctx.viewer) ? stockMode : null,
    components: ({ id }: VariantRow, _: unknown, { loaders }: ProductsContext) => loaders.componentsOf.load(id),
  },
  BundleComponent: {
    variant: ({ variantId }: ComponentRow, _: unknown, ctx: ProductsContext) => ctx.loaders.variant.load(variantId),
  },
  Review: {
    __resolveReference: ({ id }: Reference, ctx: ProductsContext) => queries.findReview(ctx, id),
    product: ({ productId }: ReviewRow, _: unknown, { loaders }: ProductsContext) => loaders.product.load(productId),
    author: ({ authorId }: ReviewRow) => authorId && { __typename: 'User', id: authorId },
  },
  User: {
    __resolveReference: ({ id }: Reference) => ({ id }),
    reviews: ({ id }: Reference, args: PageArguments, ctx: ProductsContext) => queries.ownReviews(ctx, id, args),
  },
  Shop: {
    __resolveReference: ({ id }: Reference) => ({ id }),
    products: ({ id }: Reference, args: queries.ShopProductsArguments, ctx: ProductsContext) =>
      queries.shopProducts(ctx, id, args),
    warehouses: ({ id }: Reference, args: PageArguments, ctx: ProductsContext) => queries.shopWarehouses(ctx, id, args),
  },
}
