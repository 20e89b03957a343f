import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pages } from '../src/pages/pages.ts'
import { findChromium, launchChromium } from '../src/testing/chromium.ts'
import { startSmallMarket, type SmallMarket } from './small-market.ts'

const executable = findChromium()
const missing = 'No Chromium was found on the PATH: the playground was not tried in a browser.'

const examples = {
  '1-greet.graphql': '# id: Sapa pasar\n# en: Greet the market\nquery Greet($name: String!) {\n  greeting(name: $name)\n}\n',
  '1-greet.json': '{ "name": "Sri" }',
  '2-sign-in.graphql': '# Sign in\nmutation SignIn {\n  signIn(email: "budi@pasar.test") {\n    accessToken\n  }\n}\n',
  '3-follow.graphql': '# Follow a parcel\nsubscription Follow {\n  parcel {\n    status\n    credentials\n  }\n}\n',
  '4-who.graphql': '# Who am I\nquery Who {\n  credentials\n}\n',
}

it('there is a browser to try the playground in', ({ skip }) => {
  if (executable !== undefined) return
  if (process.env['CI'] === 'true') throw new Error(missing)
  console.warn(missing)
  skip(missing)
})

describe.runIf(executable !== undefined)('the playground in a browser without internet', { timeout: 60_000 }, () => {
  let browser: Browser
  let market: SmallMarket
  let page: Page
  let folder: string
  const elsewhere: string[] = []
  const complaints: string[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pasar-examples-'))
    for (const [file, text] of Object.entries(examples)) writeFileSync(join(folder, file), text)
    market = await startSmallMarket(pages({ production: false, accounts: [], graphqlPath: '/graphql', examplesFolder: folder }))
    browser = await launchChromium(executable ?? '')
  }, 60_000)

  afterAll(async () => {
    await browser.close()
    await market.stop()
    rmSync(folder, { recursive: true })
  })

  async function open(address = '/graphql'): Promise<void> {
    const context = await browser.newContext({ locale: 'en-GB' })
    page = await context.newPage()
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url())
      if (protocol !== 'data:' && hostname !== '127.0.0.1') elsewhere.push(request.url())
    })
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text())
    })
    await page.goto(market.url + address)
    await page.locator('.graphiql-tab').first().waitFor({ timeout: 15_000 })
  }

  const openTab = (name: string) => page.locator('.graphiql-tab-button', { hasText: name }).click()
  const run = () => page.locator('.graphiql-execute-button').click()
  const response = () => page.locator('.graphiql-response .CodeMirror-code')
  const shows = (text: string) => response().getByText(text).first().waitFor({ timeout: 15_000 })

  it('opens with the examples as tabs and answers a query with the variables beside it', async () => {
    await open()
    expect(await page.locator('.graphiql-tab-button').allTextContents()).toEqual(['Greet', 'SignIn', 'Follow', 'Who'])
    expect(await page.locator('.graphiql-query-editor .CodeMirror-code').textContent()).toContain('# Greet the market')
    await run()
    await shows('Halo, Sri')
  })

  it('follows a parcel over graphql-ws, with the token of the sign-in', async () => {
    await open()
    await openTab('SignIn')
    await run()
    await page.getByText('Every tab sends the token').waitFor()
    await openTab('Follow')
    await run()
    await shows('IN_TRANSIT')
    await shows('Bearer token-of-budi@pasar.test')
    market.moveParcel()
    await shows('DELIVERED')
  })

  it('sends what the Headers pane says, also when a token is remembered', async () => {
    await open()
    await openTab('SignIn')
    await run()
    await page.getByText('Every tab sends the token').waitFor()
    await openTab('Who')
    await page.getByRole('button', { name: 'Headers' }).click()
    await page
      .locator(
        'section[aria-label="Headers"] .CodeMirror:visible, .graphiql-editor-tool .graphiql-editor:not(.hidden) .CodeMirror',
      )
      .last()
      .click()
    await page.keyboard.insertText('{ "authorization": "Bearer written by hand" }')
    await run()
    await shows('Bearer written by hand')
  })

  it('forgets the token when asked to', async () => {
    await open()
    await openTab('SignIn')
    await run()
    await page.getByRole('button', { name: 'Forget the token' }).click()
    await openTab('Who')
    await run()
    await shows('null')
  })

  it('opens the example that the address names, and keeps the visitor’s own edits of the others', async () => {
    await open('/graphql#4-who')
    expect(await page.locator('.graphiql-tab-active').textContent()).toContain('Who')
    await openTab('Greet')
    await page.locator('.graphiql-query-editor .CodeMirror').click()
    await page.keyboard.press('Control+End')
    await page.keyboard.insertText('# my own note')
    await expect
      .poll(() => page.evaluate(`Object.values(localStorage).filter((text) => text.includes('my own note')).length`))
      .toBe(2)
    await page.goto(`${market.url}/graphql`)
    await page.locator('.graphiql-tab-button', { hasText: 'Greet' }).click()
    await page.locator('.graphiql-query-editor').getByText('# my own note').waitFor()
  })

  it('explains the market in its side pane and opens its dialogs', async () => {
    await open()
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click()
    await page.locator('.graphiql-plugin').getByText('Query', { exact: true }).click()
    await page.locator('.graphiql-plugin').getByText('greeting').waitFor()
    for (const [button, dialog] of [
      ['Open settings dialog', 'Settings'],
      ['Open short keys dialog', 'Short Keys'],
    ] as const) {
      await page.getByRole('button', { name: button }).click()
      await page.getByRole('dialog').getByText(dialog, { exact: true }).waitFor()
      await page.keyboard.press('Escape')
    }
  })

  it('loaded nothing from elsewhere, and the page’s own policy stopped nothing', () => {
    expect(elsewhere).toEqual([])
    expect(complaints).toEqual([])
  })
})
