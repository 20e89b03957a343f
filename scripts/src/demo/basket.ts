import { expectThat } from './deviation.ts'
import { addToCart, browseShop, createCart, stockOfProduct } from './shopping-operations.ts'
import type { Stage } from './stage.ts'

/** What is bought of one variant, and how much there was of it before. */
export interface Pick {
  readonly shopId: string
  readonly productId: string
  readonly variantId: string
  readonly title: string
  readonly quantity: number
  readonly availableBefore: number
}

/** Looks along a shop's shelf and picks two different things, as many of each as there are quantities. */
export async function browse({ guest, tell }: Stage, shopId: string, quantities: readonly number[]): Promise<Pick[]> {
  const shop = await guest.ask(browseShop, { shopId })
  expectThat(shop !== null, `There is no shop ${shopId}`)
  const shelf = shop.products.edges.flatMap(({ node }) =>
    node.variants.map(({ id, name, available }) => ({
      productId: node.id,
      variantId: id,
      title: `${node.title}, ${name}`,
      available,
    })),
  )
  const fullest = shelf.toSorted((a, b) => b.available - a.available)
  return quantities.map((quantity, index) => {
    const found = fullest[index]
    expectThat(
      found !== undefined && found.available >= quantity,
      `${shop.name} has too little left to sell: run "npm run reset"`,
    )
    tell(`${shop.name}: ${quantity} × ${found.title} (${found.available} in stock)`)
    const { available, ...goods } = found
    return { ...goods, shopId, quantity, availableBefore: available }
  })
}

/** A guest's cart with everything that was picked; the token opens it. */
export async function fillGuestCart({ guest }: Stage, picks: readonly Pick[]): Promise<string> {
  const { cartToken } = await guest.ask(createCart)
  for (const { variantId, quantity } of picks) await guest.ask(addToCart, { input: { cartToken, variantId, quantity } })
  return cartToken
}

/** How many units of what was picked can be bought now. */
export async function availableNow({ guest }: Stage, { productId, variantId }: Pick): Promise<number> {
  const product = await guest.ask(stockOfProduct, { productId })
  const variant = product?.variants.find(({ id }) => id === variantId)
  expectThat(variant !== undefined, `The variant ${variantId} is no longer to be seen`)
  return variant.available
}
