import type { PasarEvent } from '@pasar/schema/events'

/** Names of figures that only grow: `price <variant>`, `available <variant>`, `name <shop>`, `reviews <product>`. */
export type Figures = ReadonlyMap<string, number>

/** What a read said of a figure, beside what had been told before the read began. */
export interface Older {
  readonly figure: string
  readonly told: number
  readonly read: number
}

/** What events have told, and how long they took. */
export class Told {
  readonly #figures = new Map<string, number>()
  readonly #noted = new Set<string>()
  readonly #written = new Map<string, { value: number; at: number }[]>()
  /** Milliseconds from the answer to a writer until the router had been told, 0 when it had been told before. */
  readonly delays: number[] = []

  /** Figures that are still told when a later event has come. An event is told where it is placed and where it is handed over, and counts once. */
  note(event: PasarEvent): void {
    if (this.#noted.has(event.id)) return
    this.#noted.add(event.id)
    if (event.type === 'ListingChanged') {
      const { variantId, price, available } = event.payload
      this.#tell(`price ${variantId}`, price)
      this.#tell(`available ${variantId}`, available)
    } else if (event.type === 'ShopChanged') this.#tell(`name ${event.payload.shopId}`, numberIn(event.payload.name))
    else if (event.type === 'ReviewSubmitted') {
      const figure = `reviews ${event.payload.productId}`
      this.#tell(figure, (this.#figures.get(figure) ?? 0) + 1)
    }
  }

  /** Notes that a writer has been answered. */
  wrote(figure: string, value: number): void {
    const at = performance.now()
    if ((this.#figures.get(figure) ?? -1) >= value) this.delays.push(0)
    else this.#written.set(figure, [...(this.#written.get(figure) ?? []), { value, at }])
  }

  /** What is told now; a read that begins after this must not say less. */
  now(): Figures {
    return new Map(this.#figures)
  }

  /** Writes that no event has told of yet. */
  get waiting(): number {
    return [...this.#written.values()].reduce((sum, all) => sum + all.length, 0)
  }

  start(figure: string, value: number): void {
    this.#figures.set(figure, value)
  }

  #tell(figure: string, value: number): void {
    this.#figures.set(figure, value)
    const at = performance.now()
    const waiting = this.#written.get(figure) ?? []
    for (const write of waiting.filter((one) => one.value <= value)) this.delays.push(at - write.at)
    this.#written.set(
      figure,
      waiting.filter((one) => one.value > value),
    )
  }
}

/** The number at the end of a name that counts its changes. */
export const numberIn = (name: string): number => Number(/(\d+)$/.exec(name)?.[1] ?? 0)

/** Compares what a read said with what had been told before it. */
export const olderThan = (before: Figures, read: Figures): Older[] =>
  [...read].flatMap(([figure, value]) => {
    const told = before.get(figure)
    return told !== undefined && value < told ? [{ figure, told, read: value }] : []
  })
