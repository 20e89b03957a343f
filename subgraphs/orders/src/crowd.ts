import type { Calls } from '@pasar/shared/subgraph/calls'
import { limits } from '@pasar/shared/limits'
import { problem } from '@pasar/shared/problems'
import { openSlots } from '@pasar/shared/flow/slots'
import { openTogether } from '@pasar/shared/flow/together'
import type { CheckoutProblem } from './domain/checkout.ts'

/** Who wants to buy which cart, and the key of the attempt. */
export interface Wish {
  readonly buyerId: string
  readonly cartId: string
  readonly key: string
}

interface Line {
  readonly variantId: string
  readonly quantity: number
}

interface Lacking {
  readonly variantId: string
  readonly available: number
  readonly inFlashSale?: boolean | null
  /** Who cannot have it; absent where nobody can. */
  readonly buyerId?: string | null
}

const wanted = `query ($input: CartsWantedInput!) { cartsWanted(input: $input) { cart variantId quantity } }`
const short = `query ($input: ProductsShortInput!) { productsShort(input: $input) { variantId available inFlashSale buyerId } }`

const busy = {
  id: 'Terlalu banyak yang membeli saat ini. Coba lagi sebentar lagi.',
  en: 'Too many people are buying right now. Try again in a moment.',
}

/** What a crowd needs: the way to carts and products, and which of some attempts, or other ones with their carts, have begun a checkout. */
export interface CrowdDeps {
  readonly calls: Calls
  readonly findBegun: (wishes: readonly Wish[]) => Promise<readonly boolean[]>
  /** Milliseconds of a clock that only goes on. */
  readonly now: () => number
}

/** What the market lacks of carts that are in no checkout; an attempt that has begun hears what came of it, and nothing here. */
async function findSoldOut({ calls, findBegun }: CrowdDeps, wishes: readonly Wish[]): Promise<(CheckoutProblem | undefined)[]> {
  const begun = await findBegun(wishes)
  const fresh = wishes.filter((_, index) => !begun[index])
  const contents = await findContents(calls, fresh)
  // In a crowd nearly everybody wants the same: that is looked for once.
  const buyersOf = new Map<string, string[]>()
  for (const [{ buyerId }, content] of contents) {
    const buyers = buyersOf.get(content)
    if (buyers) buyers.push(buyerId)
    else buyersOf.set(content, [buyerId])
  }
  const lacking = new Map([...buyersOf].map(([content, buyerIds]) => [content, findLacking(calls, content, buyerIds)]))
  return Promise.all(
    wishes.map(async (wish) => {
      const content = contents.get(wish)
      const seen = content === undefined ? [] : await lacking.get(content)!
      const lines = seen.filter(({ buyerId }) => buyerId == null || buyerId === wish.buyerId)
      if (lines.length === 0) return undefined
      const what = lines.some(({ inFlashSale }) => inFlashSale) ? 'CheckoutFlashSaleLimited' : 'CheckoutOutOfStock'
      return problem(what, { lines: lines.map(({ variantId, available }) => ({ variantId, available })) })
    }),
  )
}

/** What lies in the carts, as JSON of their lines; nothing where a cart is empty, somebody else's, or in a checkout. */
async function findContents(calls: Calls, wishes: readonly Wish[]): Promise<Map<Wish, string>> {
  if (wishes.length === 0) return new Map()
  const carts = wishes.map(({ buyerId: accountId, cartId }) => ({ accountId, cartId }))
  const asked = { domain: 'carts', query: wanted, variables: { input: { carts } }, requestId: carts[0]!.cartId } as const
  const { cartsWanted: lines } = await calls<{ cartsWanted: (Line & { readonly cart: number })[] }>(asked)
  // Somebody in line may be asked about more than once at a time.
  const contents = wishes.map((): Line[] => [])
  for (const { cart, ...line } of lines) contents[cart]!.push(line)
  const filled = wishes.map((wish, place) => [wish, contents[place]!] as const).filter(([, own]) => own.length > 0)
  return new Map(filled.map(([wish, own]) => [wish, JSON.stringify(own)]))
}

/** What is lacking of a content, for everybody or for some of those who want it: a sale that has some left may have fewer for who has bought of it. */
async function findLacking(calls: Calls, content: string, buyerIds: readonly string[]): Promise<Lacking[]> {
  const lines = JSON.parse(content) as Line[]
  const input = { lines, buyerIds: [...new Set(buyerIds)] }
  const asked = { domain: 'products', query: short, variables: { input }, requestId: lines[0]!.variantId } as const
  return (await calls<{ productsShort: Lacking[] }>(asked)).productsShort
}

/** Ends the wait of somebody in line. */
interface InLine {
  readonly wish: Wish
  readonly leaving: AbortController
}

/**
 * When everybody buys at once: a process works on a few checkouts at a time, first come first served, and sends those away for a moment who
 * would wait too long. Whoever had to wait is told that a thing is gone before a checkout is begun that would only find that out and undo
 * itself; and when one hears that, the whole line behind looks, too, and need not stand there for nothing. Whether a thing is there still
 * decides the reservation alone.
 */
export function openCrowd(deps: CrowdDeps) {
  const { checkoutsAtOnce: atOnce, checkoutsWaitingMax: waitingMax, checkoutsWaitingMs: waitingMs } = limits
  const { checkoutAnswerMs: answerMs, checkoutWorkMs: workMs } = limits
  const slots = openSlots({ atOnce, waitingMax, waitingMs, what: 'checkout', busy })
  const ask = openTogether<Wish, CheckoutProblem | undefined>({
    most: limits.checkoutLooksMax,
    key: () => '',
    run: (wishes) => findSoldOut(deps, wishes),
  })
  // Where nobody answers, the checkout itself will find out.
  const look = (wish: Wish) => ask(wish).catch(() => undefined)
  const line = new Set<InLine>()
  /** Whether the last who asked heard that a thing is gone: then the next one looks before anything is begun. */
  let scarce = false
  let telling = false
  const tellLine = async () => {
    if (telling) return
    telling = true
    const tell = async (one: InLine) => {
      const refusal = await look(one.wish)
      if (refusal) one.leaving.abort(refusal)
    }
    await Promise.all([...line].map(tell))
    telling = false
  }
  const noteScarce = (isGone: boolean) => {
    scarce = isGone
    if (isGone) void tellLine()
  }
  const inTurn = async <T extends { readonly __typename: string }>(wish: Wish, work: (withinMs: number) => Promise<T>) => {
    const came = deps.now()
    const one: InLine = { wish, leaving: new AbortController() }
    line.add(one)
    const { signal } = one.leaving
    try {
      return await slots(async (waited) => {
        line.delete(one)
        const refusal = waited || scarce ? await look(wish) : undefined
        if (waited || scarce) noteScarce(refusal !== undefined)
        if (refusal) return refusal
        // Who has looked for longer than the answer may take is told at once that it goes on by itself.
        const left = Math.max(0, answerMs - (deps.now() - came))
        const result = await work(Math.round(Math.min(workMs, left)))
        if (result.__typename === 'CheckoutOutOfStock' || result.__typename === 'CheckoutFlashSaleLimited') noteScarce(true)
        return result
      }, signal)
    } catch (error) {
      if (signal.aborted && error === signal.reason) return error as CheckoutProblem
      throw error
    } finally {
      line.delete(one)
    }
  }
  return { inTurn }
}

/** Keeps a crowd in line; see openCrowd. */
export type Crowd = ReturnType<typeof openCrowd>
