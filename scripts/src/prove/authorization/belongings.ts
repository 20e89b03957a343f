import { isDeepStrictEqual } from 'node:util'
import { demoCast } from '../../demo/cast.ts'
import { openClient } from '../../demo/client.ts'
import { addToCart } from '../../demo/shopping-operations.ts'
import { findShelf, placeOrder, type PlacedOrder, type Shelf } from '../live/buying.ts'
import type { SeededMarket } from '../seeded-market.ts'
import { signIn } from './ask-rows.ts'
import { helperOf } from './helper.ts'
import { moveOf, type MoveName } from './moves.ts'
import { askOthers, askOwners, type Hearing, type TokenOf } from './others.ts'
import { questionsAbout } from './questions.ts'
import { readBelongings } from './read-belongings.ts'
import { questionsAboutShop } from './shop-questions.ts'

/** What becomes of an order: `all` asks everything about it. */
type Step = MoveName | 'pay' | 'scan' | 'arrive' | 'fill' | 'all'

/** Each move is tried by everybody else before its own people make it, and once more with their key. */
const lives: readonly (readonly Step[])[] = [
  ['cancelCheckout'],
  ['pay', 'rejectOrder'],
  ['pay', 'cancelOrder'],
  [
    'pay',
    'acceptOrder',
    'requestCancel',
    'answerCancelRequest',
    'requestPickup',
    'scan',
    'scan',
    'fill',
    'all',
    'changeQuantity',
    'arrive',
    'confirmReceipt',
  ],
  ['pay', 'acceptOrder', 'requestPickup', 'arrive', 'requestReturn', 'withdrawReturn'],
]

interface Life {
  readonly market: SeededMarket
  readonly shelf: Shelf
  readonly order: PlacedOrder
  readonly tokens: TokenOf
}

/** Lets everybody ask for what is another's, and do what is another's to do, through whole lives of orders. */
export async function askForBelongings(market: SeededMarket, say: (line: string) => void): Promise<Hearing> {
  // What was seeded is to be known everywhere.
  await market.settle()
  const guest = openClient(market.url)
  const shelf = await findShelf(guest)
  const [own, other] = demoCast.sellers
  const seller = await signIn(market.url, own.email, own.password)
  const rival = await signIn(market.url, other.email, other.password)
  const helper = await helperOf(market, shelf)
  const bystander = await placeOrder(market, shelf, 'pembeli-lain')
  await bystander.pay()
  const hearings: Hearing[] = []
  for (const [index, steps] of lives.entries()) {
    say(`others ask for what is a buyer's: ${steps.join(', ')}`)
    const order = await placeOrder(market, shelf, `pemilik-${index}`)
    const tokens = { guest: undefined, stranger: bystander.token, rival, seller, helper, buyer: order.token }
    for (const step of steps) hearings.push(await take({ market, shelf, order, tokens }, step))
  }
  await Promise.all([guest.stop(), bystander.buyer.stop()])
  return together(hearings)
}

const nothing: Hearing = { asked: 0, faults: [] }

const together = (hearings: readonly Hearing[]): Hearing => ({
  asked: hearings.reduce((sum, { asked }) => sum + asked, 0),
  faults: hearings.flatMap(({ faults }) => faults),
})

async function take(life: Life, step: Step): Promise<Hearing> {
  const { market, order, shelf } = life
  if (step === 'all') return askAll(life)
  if (step === 'pay') await order.pay()
  else if (step === 'scan') await order.scan()
  else if (step === 'fill') await order.buyer.ask(addToCart, { input: { variantId: shelf.variantId, quantity: 2 } })
  else if (step === 'arrive') while ((await order.scan()) !== 'DELIVERED') await market.settle()
  else return tryMove(life, step)
  await market.settle()
  return nothing
}

async function askAll({ market: { url }, order, tokens }: Life): Promise<Hearing> {
  const about = await readBelongings(url, order)
  const hearings: Hearing[] = []
  for (const question of [...questionsAbout(about), ...questionsAboutShop(about)]) {
    hearings.push(await askOthers({ url, tokens, secrets: about.secrets }, question))
    hearings.push(await askOwners({ url, tokens, secrets: [] }, question))
  }
  return together(hearings)
}

async function tryMove({ market, order, tokens }: Life, name: MoveName): Promise<Hearing> {
  const { url } = market
  const before = await readBelongings(url, order)
  const interrogation = { url, tokens, secrets: before.secrets }
  const own = moveOf(name, before, `milik-${order.id}`)
  const tried = await askOthers(interrogation, moveOf(name, before, `curian-${order.id}`))
  await market.settle()
  const after = await readBelongings(url, order)
  const changed = isDeepStrictEqual(before.state, after.state) ? [] : [`${name}: others have changed what is not theirs`]
  const made = await askOwners(interrogation, { ...own, owners: own.owners.slice(0, 1) })
  await market.settle()
  const moved = await readBelongings(url, order)
  const still = isDeepStrictEqual(after.state, moved.state) ? [`${name}: its own people changed nothing`] : []
  const again = await askOthers(interrogation, own)
  return together([tried, made, again, { asked: 0, faults: [...changed, ...still] }])
}
