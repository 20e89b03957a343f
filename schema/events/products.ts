/** Payload of each event that products sends, by its type. */
export interface ProductsEvents {
  /** The whole present state of one variant as buyers see it; sent on every change of product, variant, price, stock or shop state. */
  readonly ListingChanged: {
    readonly variantId: string
    readonly productId: string
    readonly shopId: string
    readonly title: string
    readonly variantName: string
    readonly sku: string
    readonly price: number
    readonly weightGrams: number
    readonly lengthMm: number
    readonly widthMm: number
    readonly heightMm: number
    /** Units that can be bought now, over all warehouses. */
    readonly available: number
    readonly active: boolean
    /** Regency code of the warehouse that ships it. */
    readonly originRegencyCode: string
    readonly imageUrl: string | null
  }
  /** A reservation was made, sold, given back, or its sold units came back; units are those of its SKUs by warehouse. */
  readonly StockMoved: {
    readonly reservationId: string
    readonly checkoutId: string
    readonly kind: 'RESERVED' | 'SOLD' | 'RELEASED' | 'EXPIRED' | 'RETURNED'
    readonly units: readonly { readonly variantId: string; readonly warehouseId: string; readonly quantity: number }[]
  }
  readonly ReviewSubmitted: {
    readonly reviewId: string
    readonly productId: string
    readonly shopId: string
    readonly rating: number
  }
  /** Staff have taken a review down: nobody else reads it, and its stars are not counted. */
  readonly ReviewTakenDown: { readonly reviewId: string; readonly productId: string; readonly shopId: string }
  readonly ReviewRestored: { readonly reviewId: string; readonly productId: string; readonly shopId: string }
  /** Reviews of what a shop sells were taken over from elsewhere; of each such product ListingChanged tells, too. */
  readonly ReviewsImported: { readonly shopId: string }
  /** A shop answers a review, in other words or no longer; or staff have taken its answer down, or restored it. */
  readonly ReviewAnswerChanged: {
    readonly reviewId: string
    readonly productId: string
    /** Whom and for which shop it answers where it had not answered before; absent otherwise, and where the author is not known. */
    readonly answered?: { readonly authorId: string; readonly shopId: string }
  }
  /** The author of a review is erased; the review stays, without a name and an answer. */
  readonly ReviewUnsigned: { readonly reviewId: string; readonly productId: string }
}
