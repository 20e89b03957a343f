import { actsFor, isStaff } from '@pasar/shared/identity/viewer'
import { rupiah } from '@pasar/shared/money'
import { findRegency } from '@pasar/shared/regions'
import type { ProductsContext } from '../context.ts'
import { selectedOf } from '../domain/options.ts'
import { isListed, statusForOthers } from '../domain/product.ts'
import { isOfProduct } from '../domain/report.ts'
import { summarize } from '../domain/review.ts'
import type { Resolvers } from '../generated/resolvers.ts'
import * as queries from '../queries.ts'

const shopOf = ({ shopId }: { readonly shopId: string }) => ({ id: shopId })

const productOf = async ({ productId }: { readonly productId: string }, _: unknown, { loaders }: ProductsContext) =>
  (await loaders.product.load(productId))!

/** Fields of the things that buyers look at. */
export const catalogue = {
  Category: {
    __resolveReference: ({ id }, ctx) => queries.findCategory(ctx, id),
    name: ({ name, englishName }, _, { locale }) => (locale === 'en' ? (englishName ?? name) : name),
    parent: ({ parentId }, _, { loaders }) => (parentId === null ? null : loaders.category.load(parentId)),
    children: ({ id }, args, ctx) => queries.categoryChildren(ctx, id, args),
    breadcrumbs: ({ path }, _, { loaders }) => Promise.all(path.map(async (id) => (await loaders.category.load(id))!)),
  },
  Product: {
    __resolveReference: ({ id }, ctx) => queries.referencedProduct(ctx, id),
    status: ({ status, shopId }, _, ctx) =>
      actsFor(ctx.viewer, shopId) || isStaff(ctx.viewer) ? status : statusForOthers(status),
    moderation: (product, _, ctx) => queries.productModeration(ctx, product),
    shop: shopOf,
    category: async ({ categoryId }, _, { loaders }) => (await loaders.category.load(categoryId))!,
    image: ({ images: [main] }) => main ?? null,
    flashSale: ({ id }, _, { loaders }) => loaders.flashSaleOfProduct.load(id),
    sentFrom: ({ regencyCodes }) => regencyCodes.flatMap((code) => findRegency(code) ?? []),
    variants: (product, _, ctx) => queries.productVariants(ctx, product),
    options: (product, _, ctx) => queries.productOptions(ctx, product),
    variantBySelectedOptions: (product, { selected }, ctx) => queries.variantOfOptions(ctx, product, selected),
    minPrice: ({ minPrice }) => rupiah(minPrice),
    maxPrice: ({ maxPrice }) => rupiah(maxPrice),
    rating: ({ ratingCounts }) => summarize(ratingCounts),
    reviews: ({ id }, args, ctx) => queries.productReviews(ctx, id, args),
  },
  ProductFacets: {
    regencies: ({ regencies }) =>
      regencies.map(({ value, count }) => ({ code: value, name: findRegency(value)?.name ?? value, count })),
    ratings: ({ ratings }) => ratings.map(({ value, count }) => ({ atLeast: value, count })),
    minPrice: ({ minPrice }) => (minPrice === null ? null : rupiah(BigInt(minPrice))),
    maxPrice: ({ maxPrice }) => (maxPrice === null ? null : rupiah(BigInt(maxPrice))),
  },
  CategoryFacet: {
    category: async ({ value }, _, { loaders }) => (await loaders.category.load(value))!,
  },
  Variant: {
    __resolveReference: ({ id }, ctx) => queries.referencedVariant(ctx, id),
    product: productOf,
    selectedOptions: async ({ productId, choice }, _, { loaders }) =>
      choice.length === 0 ? [] : selectedOf((await loaders.product.load(productId))!.options, choice),
    picture: async ({ productId, pictureUrl: url, pictureText: altText }, _, { loaders }) =>
      url !== null && altText !== null ? { url, altText } : ((await loaders.product.load(productId))!.images[0] ?? null),
    price: ({ price }) => rupiah(price),
    available: async ({ productId, active, available }, _, { loaders }) => {
      const product = active ? await loaders.product.load(productId) : null
      return product && isListed(product) ? available : 0
    },
    stock: ({ id, shopId }, _, ctx) => (actsFor(ctx.viewer, shopId) ? ctx.loaders.stockOf.load(id) : null),
    movements: (variant, args, ctx) => queries.variantMovements(ctx, variant, args),
    stockMode: ({ shopId, stockMode }, _, ctx) => (actsFor(ctx.viewer, shopId) || isStaff(ctx.viewer) ? stockMode : null),
    flashSale: ({ id }, _, { loaders }) => loaders.flashSaleOf.load(id),
    components: ({ id }, _, { loaders }) => loaders.componentsOf.load(id),
  },
  BundleComponent: {
    variant: async ({ variantId }, _, { loaders }) => (await loaders.variant.load(variantId))!,
  },
  Review: {
    __resolveReference: ({ id }, ctx) => queries.findReview(ctx, id),
    product: productOf,
    moderation: (review, _, ctx) => queries.reviewModeration(ctx, review),
    author: ({ authorId }) => (authorId === null ? null : { id: authorId }),
    answer: (review, _, ctx) => queries.answeredReview(ctx, review),
  },
  // Who reaches an answer may read all of it.
  ReviewAnswer: {
    text: ({ answer }) => answer!,
    answeredAt: ({ answeredAt }) => answeredAt!,
    moderation: ({ answerTakenDownAt: takenDownAt, answerTakenDownReason: reason }) => takenDownAt && { reason, takenDownAt },
  },
  OrderLine: {
    mayReview: async ({ id }, _, ctx) => {
      const purchase = await queries.ownPurchase(ctx, id)
      return purchase?.reviewId === null && !actsFor(ctx.viewer, purchase.shopId)
    },
    review: async ({ id }, _, ctx) => {
      const purchase = await queries.ownPurchase(ctx, id)
      return purchase?.reviewId == null ? null : ctx.loaders.review.load(purchase.reviewId)
    },
  },
  Report: {
    product: ({ subjectId }, _, { loaders }) => (isOfProduct(subjectId) ? loaders.product.load(subjectId) : null),
    review: (report, _, ctx) => queries.reportedReview(ctx, report),
    reporter: ({ reporterId }) => (reporterId === null ? null : { id: reporterId }),
    openReports: (report, _, ctx) => queries.openReportsAbout(ctx, report),
  },
  User: {
    reviews: ({ id }, args, ctx) => queries.ownReviews(ctx, id, args),
    reports: ({ id }, args, ctx) => queries.ownReports(ctx, id, args),
  },
  Shop: {
    rating: ({ id }, _, ctx) => queries.shopRating(ctx, id),
    products: ({ id }, args, ctx) => queries.shopProducts(ctx, id, args),
    productCounts: ({ id }, _, ctx) => queries.shopProductCounts(ctx, id),
    flashSales: ({ id }, args, ctx) => queries.shopFlashSales(ctx, id, args),
    warehouses: ({ id }, args, ctx) => queries.shopWarehouses(ctx, id, args),
  },
} satisfies Resolvers
