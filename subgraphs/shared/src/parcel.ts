/** Pieces of one kind, as couriers measure them. */
export interface Pieces {
  readonly quantity: number
  readonly weightGrams: number
  readonly lengthMm: number
  readonly widthMm: number
  readonly heightMm: number
}

/** A parcel as couriers charge for it. */
export interface Parcel {
  readonly weightGrams: number
  readonly volumeCubicCm: number
}

/** The greatest figure that a parcel is said to have, which is GraphQL's greatest Int: one that has it may have more, and is too heavy. */
export const parcelFigureMax = 2 ** 31 - 1

const total = (pieces: readonly Pieces[], each: (piece: Pieces) => number) =>
  pieces.reduce((sum, piece) => sum + each(piece) * piece.quantity, 0)

/** What pieces are together, rounded up once for the whole parcel: wherever a parcel is weighed, it is weighed alike. */
export const parcelOf = (pieces: readonly Pieces[]): Parcel => ({
  weightGrams: Math.min(
    parcelFigureMax,
    total(pieces, ({ weightGrams }) => weightGrams),
  ),
  volumeCubicCm: Math.min(
    parcelFigureMax,
    Math.ceil(total(pieces, ({ lengthMm, widthMm, heightMm }) => lengthMm * widthMm * heightMm) / 1000),
  ),
})
