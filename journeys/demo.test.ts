import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { loadExamples, type Example } from '@pasar/router/pages/examples'
import { marketExamples } from '@pasar/router/pages/pages'
import { demoCast } from '@pasar/scripts/demo/cast'
import type { Client } from '@pasar/scripts/demo/client'
import { playDemo } from '@pasar/scripts/demo/play'
import { demoAccounts } from '@pasar/router/pages/demo-accounts'
import { root } from '@pasar/scripts/paths'
import { seedMarket } from '@pasar/scripts/seed/seed-market'
import { signIn } from '@pasar/scripts/demo/shopping-operations'
import { systemClock } from '@pasar/shared/clock'
import type { Domain } from '@pasar/shared/domains'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestMarket, type TestMarket } from './market.ts'
import { freshRemains } from './remains.ts'

let test: TestMarket
beforeAll(async () => {
  const remains = await freshRemains('in one process')
  const databases = { urlFor: (domain: Domain) => remains.databases[domain].url }
  await seedMarket({ databases, clock: systemClock, say: () => undefined })
  const quiet = await openTestMarket({ remains })
  await quiet.settle()
  await quiet.end()
  test = await openTestMarket({ remains, background: true })
}, 120_000)
afterAll(() => test.stop())

it('the demo plays through in a market in one process, twice in a row', async () => {
  for (const told of [[], []] as string[][]) {
    const { url } = test.market
    const summary = await playDemo({ url, simulators: url, cast: demoCast, tell: (line) => void told.push(line) })
    expect(summary).toMatchObject({ ok: true, ledgerSum: 0 })
    expect(summary.orders.map(({ state, delivered, held }) => ({ state, delivered, held }))).toEqual([
      { state: 'COMPLETED', delivered: true, held: 0 },
      { state: 'COMPLETED', delivered: true, held: 0 },
    ])
    expect(summary.frames).toBeGreaterThanOrEqual(12)
    expect(told.filter((line) => line.includes('▸'))).toHaveLength(summary.frames)
    expect(summary.stock.map(({ before, after }) => before - after)).toEqual([2, 1, 1])
  }
}, 120_000)

it('the guide’s program runs as it stands on its page, and prints what the page says', async () => {
  const page = readFileSync(join(root, 'docs/guide.md'), 'utf8')
  const blocks = (language: string) =>
    [...page.matchAll(new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``, 'g'))].map(([, text]) => text!)
  const env = { ...process.env, PASAR_URL: test.market.url }
  const program = spawn(process.execPath, ['--input-type=module', '--eval', blocks('js').join('\n')], { env })
  const [said, complaint] = await Promise.all([textOf(program.stdout), textOf(program.stderr)])
  expect(complaint).toBe('')
  // What sells best is another thing when this is not the first purchase.
  const masked = (text: string) =>
    text
      .replace(/^1\. .*$/m, '1.')
      .replace(/Rp[\d.]+/g, 'Rp')
      .replace(/\d+ rows/, 'rows')
  expect(masked(said)).toBe(masked(blocks('text')[0]!))
}, 60_000)

describe('the playground of a new demo market', () => {
  const variablesOf = ({ variables }: Example) => JSON.parse(variables || '{}') as Record<string, unknown>
  /** What waits for an id that only the visitor's own doings bring. */
  const ready = loadExamples(marketExamples).filter(({ variables }) => !variables.includes('…'))
  const asked = ready.filter(({ query }) => !query.includes('subscription'))

  const clients = async (): Promise<Record<string, Client>> => {
    const entries = demoAccounts.map(async ({ role, email, password }) => {
      const { tokens } = await test.guest.ask(signIn, { input: { email, password } })
      return [role, test.guest.signedIn(tokens.access.token)] as const
    })
    return Object.fromEntries(await Promise.all(entries))
  }

  it.each(asked.map((example) => [example.name, example] as const))('answers %s as it stands', async (name, example) => {
    const { buyer, seller, admin } = await clients()
    const client = name < '20' ? buyer! : name < '30' ? seller! : admin!
    expect(await client.ask(example.query, variablesOf(example))).not.toBeNull()
  })

  it('follows the demo seller’s shop as it stands', async () => {
    const { seller } = await clients()
    const example = ready.find(({ query }) => query.includes('subscription'))!
    const stream = await test.follow(seller!, example.query, variablesOf(example))
    stream.stop()
    expect(stream.frames).toEqual([])
  })
})
