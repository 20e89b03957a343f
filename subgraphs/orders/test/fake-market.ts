import type { Calls, InternalCall } from '@pasar/shared/subgraph/calls'
import { newId, type Id } from '@pasar/shared/ids'
import { Unavailable } from '@pasar/shared/problems'
import { quantities } from '../src/domain/plan-orders.ts'

/** The category of everything that is sold. */
export const coffee = newId('category')
/** In which categories that is. */
export const coffeePath = [newId('category'), coffee]

/** What a shop in the fake market sells one of. */
export interface FakeVariant {
  readonly variantId: string
  readonly productId: string
  readonly shopId: Id<'shop'>
  price: number
  stock: number
  /** Units that its flash sale has left, where that has a limit. */
  saleLeft?: number
  /** Those that are left for buyers who have bought of it. */
  saleLeftFor?: ReadonlyMap<unknown, number>
  /** Where the warehouse is that it is taken from. */
  regencyCode: string
  title: string
}

interface FakeCart {
  readonly cartId: string
  readonly accountId: string
  version: number
  lines: { readonly variantId: string; readonly quantity: number; readonly seenPrice: number }[]
  lockedBy: string | undefined
}

type Input = { readonly checkoutId: string } & Record<string, unknown>
type Answer = Record<string, unknown>

/** How the next calls of a command go wrong. */
interface Fault {
  readonly kind: 'down' | 'lostReply' | 'refuse'
  times: number
  readonly answer?: Answer
}

/** Of the 24 hours that orders asks for, QRIS takes a quarter of one. */
const qrisEndsSoonerMs = 23.75 * 3_600_000

/** The participants of the checkout saga, in memory: they keep what they are told, refuse, fall silent, or reply after having taken effect. */
export function fakeMarket() {
  const variants = new Map<string, FakeVariant>()
  const carts = new Map<string, FakeCart>()
  const reservations = new Map<
    string,
    {
      state: 'HELD' | 'CONFIRMED' | 'RELEASED'
      lines: readonly { variantId: string; quantity: number }[]
      answer: Answer
      until?: number
    }
  >()
  const payments = new Map<string, { state: 'PENDING' | 'CANCELLED' | 'CAPTURED'; amount: number; orders: readonly Answer[] }>()
  const unlocked = new Set<string>()
  const inputs = new Map<string, string>()
  const faults = new Map<string, Fault>()
  const sent: { readonly field: string; readonly input: Input }[] = []
  const hooks = new Map<string, () => Promise<void>>()

  const take = (lines: readonly { variantId: string; quantity: number }[], sign: 1 | -1) => {
    for (const { variantId, quantity } of lines) {
      const variant = variants.get(variantId)!
      variant.stock -= sign * quantity
      if (variant.saleLeft !== undefined) variant.saleLeft -= sign * quantity
    }
  }
  const reserved = (lines: readonly { variantId: string; quantity: number }[]) => ({
    __typename: 'ProductsReserved',
    lines: lines.map(({ variantId, quantity }) => {
      const { productId, shopId, price, regencyCode, title } = variants.get(variantId)!
      const size = { weightGrams: 500, lengthMm: 200, widthMm: 100, heightMm: 50, imageUrl: null }
      return {
        variantId,
        productId,
        categoryId: coffee,
        categoryPath: coffeePath,
        shopId,
        title,
        variantName: '250 g',
        sku: 'KOPI-250',
        quantity,
        unitPrice: price,
        warehouseId: `warehouse in ${regencyCode}`,
        ...size,
      }
    }),
    origins: [...new Map(lines.map(({ variantId }) => [variants.get(variantId)!.shopId, variants.get(variantId)!]))].map(
      ([shopId, { regencyCode }]) => ({ shopId, ...place('Gudang'), regencyCode }),
    ),
  })

  const lacking = (wanted: readonly { variantId: string; quantity: number }[]) =>
    wanted
      .filter(({ variantId, quantity }) => variants.get(variantId)!.stock < quantity)
      .map(({ variantId }) => ({ variantId, available: variants.get(variantId)!.stock }))

  const beyondSale = (wanted: readonly { variantId: string; quantity: number }[], buyerId: unknown) =>
    wanted.flatMap(({ variantId, quantity }) => {
      const { saleLeft = quantity, saleLeftFor } = variants.get(variantId)!
      const available = saleLeftFor?.get(buyerId) ?? saleLeft
      return available < quantity ? [{ variantId, available, inFlashSale: true }] : []
    })

  const commands: Record<string, (input: Input) => Answer | readonly Answer[]> = {
    cartsWanted: ({ carts: asked }) =>
      (asked as { accountId: string; cartId: string }[]).flatMap(({ accountId, cartId }, place) => {
        const cart = carts.get(cartId)
        if (cart?.accountId !== accountId || cart.lockedBy) return []
        return cart.lines.map(({ variantId, quantity }) => ({ cart: place, variantId, quantity }))
      }),
    productsShort: ({ lines, buyerIds }) => {
      const wanted = quantities(lines as { variantId: string; quantity: number }[])
      const short = lacking(wanted)
      if (short.length > 0) return short
      return (buyerIds as string[]).flatMap((buyerId) => beyondSale(wanted, buyerId).map((line) => ({ ...line, buyerId })))
    },
    cartsLock: ({ checkoutId, accountId, cartId, expectedVersion }) => {
      const cart = carts.get(String(cartId))
      if (!cart || cart.accountId !== accountId) return { __typename: 'CartsUnknown', code: 'CARTS_UNKNOWN' }
      if (unlocked.has(checkoutId)) return { __typename: 'CartsLockGone', code: 'CARTS_LOCK_GONE' }
      if (cart.lockedBy && cart.lockedBy !== checkoutId)
        return { __typename: 'CartsBusy', code: 'CARTS_BUSY', checkoutId: cart.lockedBy }
      if (cart.version !== expectedVersion) return { __typename: 'CartsChanged', code: 'CARTS_CHANGED', version: cart.version }
      if (cart.lines.length === 0) return { __typename: 'CartsEmpty', code: 'CARTS_EMPTY' }
      cart.lockedBy = checkoutId
      const shopOf = (variantId: string) => variants.get(variantId)!.shopId
      return {
        __typename: 'CartsLocked',
        addressId: 'address',
        lines: cart.lines.map(({ variantId, quantity, seenPrice }, index) => ({
          lineId: `line${index}`,
          variantId,
          shopId: shopOf(variantId),
          quantity,
          unitPrice: seenPrice,
        })),
        groups: [...new Set(cart.lines.map(({ variantId }) => shopOf(variantId)))].map((shopId) => ({
          shopId,
          courierServiceId: 'jne_reg',
        })),
      }
    },
    cartsUnlock: ({ checkoutId }) => {
      unlocked.add(checkoutId)
      for (const cart of carts.values()) if (cart.lockedBy === checkoutId) cart.lockedBy = undefined
      return { __typename: 'CartsUnlocked' }
    },
    cartsClear: ({ checkoutId }) => {
      for (const cart of carts.values()) {
        if (cart.lockedBy === checkoutId) Object.assign(cart, { lines: [], lockedBy: undefined, version: cart.version + 1 })
      }
      return { __typename: 'CartsCleared' }
    },
    usersFreezeAddress: () => ({ __typename: 'UsersAddressFrozen', ...place('Siti') }),
    productsReserve: ({ checkoutId, lines, expiresAt, buyerId }) => {
      const wanted = lines as { variantId: string; quantity: number }[]
      const held = reservations.get(checkoutId)
      if (held?.state === 'RELEASED') return { __typename: 'ProductsReservationGone', code: 'PRODUCTS_RESERVATION_GONE' }
      if (held) return held.answer
      const left = lacking(wanted)
      if (left.length > 0) return { __typename: 'ProductsOutOfStock', code: 'PRODUCTS_OUT_OF_STOCK', lines: left }
      const beyond = beyondSale(wanted, buyerId)
      if (beyond.length > 0) return { __typename: 'ProductsFlashSaleLimited', code: 'PRODUCTS_FLASH_SALE_LIMITED', lines: beyond }
      take(wanted, 1)
      const answer = reserved(wanted)
      reservations.set(checkoutId, { state: 'HELD', lines: wanted, answer, until: Date.parse(String(expiresAt)) })
      return answer
    },
    productsConfirm: ({ checkoutId }) => {
      const held = reservations.get(checkoutId)
      if (!held || held.state === 'RELEASED') return { __typename: 'ProductsReservationGone', code: 'PRODUCTS_RESERVATION_GONE' }
      held.state = 'CONFIRMED'
      return { __typename: 'ProductsConfirmed' }
    },
    productsRelease: ({ checkoutId }) => {
      const held = reservations.get(checkoutId)
      if (held?.state === 'HELD') take(held.lines, -1)
      if (held?.state !== 'CONFIRMED') reservations.set(checkoutId, { state: 'RELEASED', lines: held?.lines ?? [], answer: {} })
      return { __typename: 'ProductsReleased' }
    },
    logisticsQuote: ({ groups }) => ({
      __typename: 'LogisticsQuoted',
      groups: (groups as { shopId: string; courierServiceId: string }[]).map(({ shopId, courierServiceId }) => {
        return { shopId, courierServiceId, serviceName: 'JNE Reguler', cost: 9_000 }
      }),
    }),
    paymentsCreate: ({ checkoutId, method, amount, orders, expiresAt }) => {
      if (payments.get(checkoutId)?.state === 'CANCELLED')
        return { __typename: 'PaymentsCheckoutCancelled', code: 'PAYMENTS_CHECKOUT_CANCELLED' }
      if (!payments.has(checkoutId))
        payments.set(checkoutId, { state: 'PENDING', amount: Number(amount), orders: orders as Answer[] })
      // Some methods end long before what orders asks for.
      const sooner = method === 'QRIS' ? qrisEndsSoonerMs : 0
      return { __typename: 'PaymentsCreated', expiresAt: new Date(Date.parse(String(expiresAt)) - sooner).toISOString() }
    },
    paymentsCancel: ({ checkoutId }) => {
      const payment = payments.get(checkoutId) ?? { state: 'PENDING' as const, amount: 0, orders: [] }
      if (payment.state !== 'CAPTURED') payments.set(checkoutId, { ...payment, state: 'CANCELLED' })
      return { cancelled: payment.state !== 'CAPTURED', captured: payment.state === 'CAPTURED' }
    },
  }

  /** A step that is tried again must ask for exactly the same, or its participant would refuse the key. */
  const sameAsBefore = (field: string, input: Input) => {
    if (input.checkoutId === undefined) return
    const key = `${field} ${input.checkoutId}`
    const text = JSON.stringify(input)
    if ((inputs.get(key) ?? text) !== text) throw new Error(`${key} came with another input`)
    inputs.set(key, text)
  }

  const calls = async ({ query, variables }: InternalCall): Promise<Answer> => {
    const field = /\{\s*(\w+)/.exec(query)![1]!
    const input = variables['input'] as Input
    sent.push({ field, input })
    sameAsBefore(field, input)
    await hooks.get(field)?.()
    const fault = faults.get(field)
    if (fault && fault.times-- > 0) {
      if (fault.kind === 'refuse') return { [field]: fault.answer }
      if (fault.kind === 'lostReply') commands[field]!(input)
      throw new Unavailable(field)
    }
    return { [field]: commands[field]!(input) }
  }

  return {
    calls: calls as Calls,
    sent,
    payments,
    reservations,
    addVariant: (shopId: Id<'shop'>, { price = 50_000, stock = 10 } = {}): FakeVariant => {
      const ids = { variantId: newId('variant'), productId: newId('product'), shopId }
      const variant = { ...ids, price, stock, regencyCode: '31.73', title: 'Kopi' }
      variants.set(variant.variantId, variant)
      return variant
    },
    addCart: (accountId: string, lines: readonly { readonly variant: FakeVariant; readonly quantity: number }[]): FakeCart => {
      const seen = lines.map(({ variant, quantity }) => ({ variantId: variant.variantId, quantity, seenPrice: variant.price }))
      const cart = { cartId: newId('cart'), accountId, version: 1, lines: seen, lockedBy: undefined }
      carts.set(cart.cartId, cart)
      return cart
    },
    /** The checkout that has a cart. */
    holderOf: (cartId: string): string | undefined => carts.get(cartId)!.lockedBy,
    /** The next calls of a command fail: before anything happens, or after it has. */
    fail: (field: string, kind: 'down' | 'lostReply', times = 1) => void faults.set(field, { kind, times }),
    refuse: (field: string, answer: Answer, times = 1) => void faults.set(field, { kind: 'refuse', times, answer }),
    /** Everything answers again. */
    heal: () => faults.clear(),
    /** Runs before a command is looked at. */
    before: (field: string, hook: () => Promise<void>) => void hooks.set(field, hook),
    /** Reservations end whose time is over. */
    runOut: (now: Date) => {
      for (const held of reservations.values()) {
        if (held.state !== 'HELD' || held.until! > now.getTime()) continue
        take(held.lines, -1)
        held.state = 'RELEASED'
      }
    },
    callsOf: (checkoutId: string) => sent.filter(({ input }) => input.checkoutId === checkoutId).map(({ field }) => field),
  }
}

const place = (name: string) => ({
  name,
  phone: '+6281200000000',
  street: 'Jl. Melati 1',
  districtCode: '31.73.05',
  regencyCode: '31.73',
  postalCode: '11530',
})
