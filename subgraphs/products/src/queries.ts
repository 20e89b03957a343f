import { idParser } from '@pasar/shared/ids'
import { paged } from '@pasar/shared/subgraph/keyset'
import { needReason } from '@pasar/shared/subgraph/looks'
import { parsePage, type PageArguments } from '@pasar/shared/subgraph/page'
import { actsFor, isAccount, isStaff, requireAccount, shopsActedFor } from '@pasar/shared/identity/viewer'
import type { ProductsContext } from './context.ts'
import { bounds } from './domain/bounds.ts'
import { parseFilter, parseSearch, type ProductSort, type RawFilter } from './domain/filter.ts'
import { optionally, parseList } from './domain/input.ts'
import { choiceOf, isSameChoice, parseSelected, withValuesOf, type ProductOption, type SelectedOption } from './domain/options.ts'
import { maySee, productStatuses, type ProductStatus } from './domain/product.ts'
import { isOfProduct, parseSubject, type RawSubject, type ReportReason } from './domain/report.ts'
import { averageOf, parseStars } from './domain/review.ts'
import type { Loaders } from './loaders.ts'
import { mayLookAtDown, mayReadDown, mayReadDownAnswer } from './staff.ts'
import { listTopmost, type CategoryRow } from './store/categories.ts'
import { readFacets, type Facets } from './store/facets.ts'
import { listRunning } from './store/flash-sales.ts'
import { cursorLengthOf, listProducts, type ProductRow } from './store/products.ts'
import { listOpenReports, type ReportRow } from './store/reports.ts'
import { reviewCursorLength, type PurchaseRow, type ReviewRow, type ReviewSort } from './store/reviews.ts'
import type { VariantRow } from './store/variants.ts'
import type { WarehouseRow } from './store/warehouses.ts'

/** Products that a list has read are not read again by id. */
const known = <T extends ProductRow>(loaders: Loaders, rows: readonly T[]): readonly T[] => {
  for (const row of rows) loaders.product.prime(row.id, row)
  return rows
}

/** A product that the viewer may see; staff also see one that was taken down. */
export async function findProduct(ctx: ProductsContext, rawId: string): Promise<ProductRow | null> {
  const product = await ctx.loaders.product.load(idParser('product')(rawId))
  return product && (maySee(product, shopsActedFor(ctx.viewer)) || (await mayLookAtDown(ctx, product))) ? product : null
}

/** Since when and why a product is down, to its seller and to staff. */
export async function productModeration(ctx: ProductsContext, product: ProductRow) {
  const { shopId, takenDownAt, takenDownReason } = product
  if (takenDownAt === null || !(actsFor(ctx.viewer, shopId) || (await mayLookAtDown(ctx, product)))) return null
  return { reason: takenDownReason, takenDownAt }
}

/** The variants of a product that are offered; its seller also sees those that are off. */
export const productVariants = async ({ viewer, loaders }: ProductsContext, { id, shopId }: ProductRow) =>
  (await loaders.variantsOf.load(id)).filter(({ active }) => active || actsFor(viewer, shopId))

/** What a product lets people choose: of the values those that a variant has which the viewer may see, and to its seller all. */
export async function productOptions(ctx: ProductsContext, product: ProductRow): Promise<readonly ProductOption[]> {
  const { options, shopId } = product
  if (options.length === 0 || actsFor(ctx.viewer, shopId)) return options
  const variants = await productVariants(ctx, product)
  return withValuesOf(
    options,
    variants.map(({ choice }) => choice),
  )
}

/** The variant of a product that is what was chosen. */
export async function variantOfOptions(ctx: ProductsContext, product: ProductRow, raw: readonly SelectedOption[]) {
  const wanted = choiceOf(product.options, parseSelected(raw, 'selected'))
  if (!wanted || wanted.length === 0) return null
  return (await productVariants(ctx, product)).find(({ choice }) => isSameChoice(choice, wanted)) ?? null
}

/** A variant that is offered, of a product that the viewer may see; its seller also sees those that are off. */
export async function findVariant(ctx: ProductsContext, rawId: string): Promise<VariantRow | null> {
  const variant = await ctx.loaders.variant.load(idParser('variant')(rawId))
  if (!variant || !(variant.active || actsFor(ctx.viewer, variant.shopId))) return null
  return (await findProduct(ctx, variant.productId)) ? variant : null
}

/** A product that a cart or an order leads to: what was once on sale is shown there also when it no longer is. */
export async function referencedProduct(ctx: ProductsContext, rawId: string): Promise<ProductRow | null> {
  const product = await ctx.loaders.product.load(idParser('product')(rawId))
  return product && (product.publishedAt !== null || maySee(product, shopsActedFor(ctx.viewer))) ? product : null
}

/** A variant that a cart or an order leads to. */
export async function referencedVariant(ctx: ProductsContext, rawId: string): Promise<VariantRow | null> {
  const variant = await ctx.loaders.variant.load(idParser('variant')(rawId))
  return variant && (await referencedProduct(ctx, variant.productId)) ? variant : null
}

/** A review of a product that the viewer may see; one that was taken down is there for its author and for staff. */
export async function findReview(ctx: ProductsContext, rawId: string): Promise<ReviewRow | null> {
  const review = await ctx.loaders.review.load(idParser('review')(rawId))
  if (!review || !(await findProduct(ctx, review.productId))) return null
  return review.takenDownAt === null || (await mayReadDown(ctx, review)) ? review : null
}

/** Since when and why a review is down, to its author and to staff; whose author is erased, of that only the audit log says why. */
export async function reviewModeration(ctx: ProductsContext, review: ReviewRow) {
  const { takenDownAt, takenDownReason: reason } = review
  return takenDownAt !== null && (await mayReadDown(ctx, review)) ? { reason, takenDownAt } : null
}

/** A review that shows the answer of its shop; one that was taken down is shown to the shop and to staff. */
export async function answeredReview(ctx: ProductsContext, review: ReviewRow): Promise<ReviewRow | null> {
  const { answer, takenDownAt, answerTakenDownAt } = review
  if (answer === null || takenDownAt !== null) return null
  return answerTakenDownAt === null || (await mayReadDownAnswer(ctx, review)) ? review : null
}

/** A warehouse of one of the viewer's shops. */
export async function findWarehouse(ctx: ProductsContext, rawId: string): Promise<WarehouseRow | null> {
  const warehouse = await ctx.loaders.warehouse.load(idParser('warehouse')(rawId))
  return warehouse && actsFor(ctx.viewer, warehouse.shopId) ? warehouse : null
}

/** A category. */
export const findCategory = ({ loaders }: ProductsContext, rawId: string): Promise<CategoryRow | null> =>
  loaders.category.load(idParser('category')(rawId))

/** Arguments of the list of products on sale. */
export interface ProductsArguments extends PageArguments {
  readonly filter?: RawFilter | null
  readonly sort?: ProductSort | null
}

/** The products on sale. */
export async function products({ db, loaders }: ProductsContext, { filter: raw, sort: wanted, ...args }: ProductsArguments) {
  const sort = wanted ?? 'RELEVANCE'
  const page = parsePage(args, cursorLengthOf(sort))
  return paged(known(loaders, await listProducts(db, { filter: parseFilter(raw), sort, page })), page)
}

/** What the products on sale hold that a filter leaves. */
export const productFacets = ({ db }: ProductsContext, { filter }: { readonly filter?: RawFilter | null }): Promise<Facets> =>
  readFacets(db, parseFilter(filter))

/** Arguments of a shop's list of products. */
export interface ShopProductsArguments extends PageArguments {
  readonly status?: ProductStatus | null
  readonly search?: string | null
  readonly sort?: ProductSort | null
}

/** A shop's products, as far as the viewer may see them. */
export async function shopProducts(
  ctx: ProductsContext,
  shopId: string,
  { status, search: raw, sort: wanted, ...args }: ShopProductsArguments,
) {
  const sort = wanted ?? 'NEWEST'
  const page = parsePage(args, cursorLengthOf(sort))
  const search = optionally(raw, parseSearch)
  const listing = { status: status ?? undefined, search, sort, page, actedForIds: shopsActedFor(ctx.viewer) }
  return paged(known(ctx.loaders, await ctx.loaders.productsOf(listing).load(shopId)), page)
}

/** What buyers say of all that a shop sells. */
export async function shopRating({ loaders }: ProductsContext, shopId: string) {
  const { count, stars } = (await loaders.ratingOf.load(shopId)) ?? { count: 0, stars: 0 }
  return { average: averageOf(stars, count), count }
}

/** How many of a shop's products are in which state; null to everyone else. */
export async function shopProductCounts(ctx: ProductsContext, shopId: string) {
  if (!actsFor(ctx.viewer, shopId)) return null
  const found = new Map((await ctx.loaders.productCountsOf.load(shopId)).map(({ status, count }) => [status, count]))
  return productStatuses.map((status) => ({ status, count: found.get(status) ?? 0 }))
}

/** A shop's warehouses; null to everyone else. */
export async function shopWarehouses(ctx: ProductsContext, shopId: string, args: PageArguments) {
  const page = parsePage(args)
  return actsFor(ctx.viewer, shopId) ? paged(await ctx.loaders.warehousesOf(page).load(shopId), page) : null
}

/** The flash sales that run of things on sale. */
export async function flashSales({ db }: ProductsContext, args: PageArguments) {
  const page = parsePage(args)
  return paged(await listRunning(db, page), page)
}

/** A shop's flash sales; null to everyone else. */
export async function shopFlashSales(ctx: ProductsContext, shopId: string, args: PageArguments) {
  const page = parsePage(args)
  return actsFor(ctx.viewer, shopId) ? paged(await ctx.loaders.flashSalesOf(page).load(shopId), page) : null
}

/** Categories below one, or the topmost ones. */
export async function categories(
  ctx: ProductsContext,
  { parentId, ...args }: PageArguments & { readonly parentId?: string | null },
) {
  if (parentId != null) return categoryChildren(ctx, idParser('category')(parentId, 'parentId'), args)
  const page = parsePage(args)
  return paged(await listTopmost(ctx.db, page), page)
}

/** The children of a category. */
export async function categoryChildren({ loaders }: ProductsContext, id: string, args: PageArguments) {
  const page = parsePage(args)
  return paged(await loaders.childrenOf(page).load(id), page)
}

/** Arguments of the list of a product's reviews. */
export interface ReviewsArguments extends PageArguments {
  readonly sort?: ReviewSort | null
  readonly rating?: number | null
}

/** The reviews of a product. */
export async function productReviews(
  { loaders }: ProductsContext,
  id: string,
  { sort: wanted, rating: stars, ...args }: ReviewsArguments,
) {
  const sort = wanted ?? 'NEWEST'
  const rating = optionally(stars, parseStars)
  const page = parsePage(args, reviewCursorLength(sort))
  return paged(await loaders.reviewsOf({ sort, rating, page }).load(id), page)
}

/** What an account has said of products; null to everybody else. */
export async function ownReviews({ viewer, loaders }: ProductsContext, accountId: string, args: PageArguments) {
  if (!isAccount(viewer, accountId)) return null
  const page = parsePage(args, reviewCursorLength('NEWEST'))
  return paged(await loaders.reviewsBy(page).load(accountId), page)
}

/** What an order line brought its buyer; null to everybody else, and until its order is completed. */
export async function ownPurchase({ viewer, loaders }: ProductsContext, orderLineId: string): Promise<PurchaseRow | null> {
  const purchase = viewer.kind === 'account' ? await loaders.purchase.load(orderLineId) : null
  return purchase && isAccount(viewer, purchase.buyerId) ? purchase : null
}

/** What staff ask for of the reports that nobody has decided about. */
export interface ReportsArguments extends PageArguments {
  readonly filter?: (RawSubject & { readonly reasons?: readonly ReportReason[] | null }) | null
  readonly reason?: string | null
}

/** The open reports, for staff; the audit log says so first. Who has reported what is their own, they are not told. */
export async function openReports(ctx: ProductsContext, { filter, reason: why, ...args }: ReportsArguments) {
  const page = parsePage(args)
  const subjectId = filter && (filter.productId ?? filter.reviewId) != null ? parseSubject(filter) : undefined
  const reasons = optionally(filter?.reasons, (given) => parseList(given, 'filter.reasons', [1, bounds.reportReasonsMax]))
  const reader = { accountId: requireAccount(ctx.viewer).accountId, shopIds: shopsActedFor(ctx.viewer) }
  await ctx.noteLook(subjectId ?? 'reports', { action: 'reports.list', reason: needReason(why ?? '') })
  return paged(await listOpenReports(ctx.db, { subjectId, reasons, reader }, page), page)
}

/** What an account has reported; null to everybody else. */
export async function ownReports({ viewer, loaders }: ProductsContext, accountId: string, args: PageArguments) {
  if (!isAccount(viewer, accountId)) return null
  const page = parsePage(args)
  return paged(await loaders.reportsBy(page).load(accountId), page)
}

/** The review that a report is about; one that was taken down only to whom it is still there. */
export async function reportedReview(ctx: ProductsContext, { subjectId }: ReportRow): Promise<ReviewRow | null> {
  const review = isOfProduct(subjectId) ? null : await ctx.loaders.review.load(subjectId)
  return review && (review.takenDownAt === null || (await mayReadDown(ctx, review))) ? review : null
}

/** How many open reports there are about the same thing; null to everybody but staff whose own it is not. */
export async function openReportsAbout(ctx: ProductsContext, { subjectId }: ReportRow): Promise<number | null> {
  if (!isStaff(ctx.viewer) || (await isOwnSubject(ctx, subjectId))) return null
  return (await ctx.loaders.openReports.load(subjectId))?.count ?? 0
}

/** Whether the viewer sells what is reported, or what is reviewed in it, or has written it. */
async function isOwnSubject({ viewer, loaders }: ProductsContext, subjectId: string): Promise<boolean> {
  const review = isOfProduct(subjectId) ? null : await loaders.review.load(subjectId)
  const product = await loaders.product.load(review?.productId ?? subjectId)
  return isAccount(viewer, review?.authorId ?? null) || (product !== null && actsFor(viewer, product.shopId))
}

/** The movements of a variant's stock; null to all but its seller. */
export async function variantMovements(
  ctx: ProductsContext,
  { id, shopId }: VariantRow,
  { holds, ...args }: PageArguments & { readonly holds?: boolean | null },
) {
  const page = parsePage(args)
  return actsFor(ctx.viewer, shopId) ? paged(await ctx.loaders.movementsOf({ holds: holds ?? false, page }).load(id), page) : null
}
