import { findChromium, launchChromium } from '@pasar/router/testing/chromium'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestMarket, type TestMarket } from './market.ts'
import { newShop, setStock, type TestShop } from './people.ts'

const executable = findChromium()
const missing = 'No Chromium was found on the PATH: the playground was not tried on the market.'
const within = { timeout: 30_000 }

it('there is a browser to try the market in', ({ skip }) => {
  if (executable !== undefined) return
  if (process.env['CI'] === 'true') throw new Error(missing)
  console.warn(missing)
  skip(missing)
})

describe.runIf(executable !== undefined)('a developer with a browser and no internet', { timeout: 90_000 }, () => {
  let test: TestMarket
  let shop: TestShop
  let browser: Browser
  let page: Page
  const elsewhere: string[] = []

  beforeAll(async () => {
    test = await openTestMarket()
    shop = await newShop(test, [{ price: 85_000, units: 7 }])
    browser = await launchChromium(executable ?? '')
    page = await (await browser.newContext({ locale: 'id-ID' })).newPage()
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url())
      if (protocol !== 'data:' && hostname !== '127.0.0.1') elsewhere.push(request.url())
    })
  }, 90_000)

  afterAll(async () => {
    await browser.close()
    await test.stop()
  })

  const shows = (text: string) => page.locator('.graphiql-response .CodeMirror-code').getByText(text).first().waitFor(within)

  it('comes from the landing page to the playground and reads the market', async () => {
    await page.goto(test.market.url)
    await page.locator('a[href^="/graphql"]').first().click()
    await page.locator('.graphiql-tab').first().waitFor(within)
    await page.locator('.graphiql-execute-button').click()
    await shows('Kopi Gayo')
    await shows('Toko ')
  })

  it('sees a frame with fields of two subgraphs when stock changes', async () => {
    const { productId, variantId } = shop.goods[0]!
    await page.locator('.graphiql-query-editor .CodeMirror').click()
    await page.keyboard.press('Control+A')
    await page.keyboard.insertText(
      `subscription Follow { listingChanged(productId: "${productId}") { available variant { product { title shop { name } } } } }`,
    )
    await page.locator('.graphiql-execute-button').click()
    await page.locator('.graphiql-spinner').waitFor({ ...within, state: 'attached' })
    await expect
      .poll(async () => {
        // The stream begins some time after the click; stock goes on changing until a frame of it is seen.
        await setStock(shop, variantId, 40 + Math.floor(performance.now() % 50))
        await test.settle()
        return page.locator('.graphiql-response .CodeMirror-code').textContent()
      }, within)
      .toMatch(/available[\s\S]*Kopi Gayo[\s\S]*Toko \d/)
  })

  it('has loaded nothing from elsewhere', () => {
    expect(elsewhere).toEqual([])
  })
})
