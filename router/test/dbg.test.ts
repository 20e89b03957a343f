import { it } from 'vitest'
import { pages } from '../src/pages/pages.ts'
import { findChromium, launchChromium } from './chromium.ts'
import { startSmallMarket } from './small-market.ts'
import { mkdtempSync, writeFileSync } from 'node:fs'
it('dbg', { timeout: 90000 }, async () => {
  const folder = mkdtempSync('/tmp/pasar-dbg-')
  writeFileSync(folder + '/1-greet.graphql', '# Greet\nquery Greet($name: String!) {\n  greeting(name: $name)\n}\n')
  writeFileSync(folder + '/1-greet.json', '{ "name": "Sri" }')
  writeFileSync(folder + '/2-who.graphql', '# Who\nquery Who {\n  credentials\n}\n')
  const market = await startSmallMarket(pages({ production: false, accounts: [], graphqlPath: '/graphql', examplesFolder: folder }))
  const browser = await launchChromium(findChromium()!)
  for (let i = 0; i < 4; i++) {
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } })
    const page = await context.newPage()
    page.on('request', (r) => console.log(i, r.method(), r.url().slice(-60), (r.postData() ?? '').slice(0, 90)))
    page.on('pageerror', (e) => console.log('ERR', e.message))
    page.on('console', (e) => console.log('CON', e.text()))
    await page.goto(market.url + '/graphql')
    await page.locator('.graphiql-tab').first().waitFor()
    console.log('tabs')
    await page.locator('.graphiql-execute-button').click()
    console.log('clicked')
    await new Promise((r) => setTimeout(r, 3000))
    console.log(await page.locator('.graphiql-response').allInnerTexts())
    await page.screenshot({ path: `/tmp/dbg${i}.png` })
    await context.close()
  }
  await browser.close()
  await market.stop()
})
