import '@pasar/shared/process/young-memory'
import { openMarket } from '@pasar/scripts/market'
import { systemClock } from '@pasar/shared/clock'
import type { Domain } from '@pasar/shared/domains'
import { listen } from '@pasar/shared/http/server'
import { generateKeys } from '@pasar/shared/identity/keys'
import { openLog } from '@pasar/shared/log'
import { memoryBus } from '@pasar/shared/events/memory-bus'
import { readSettings } from '@pasar/shared/process/settings'

/** What the process that measures tells this one. */
export interface OpenMessage {
  readonly urls: Readonly<Record<Domain, string>>
  readonly dataDir: string
  /** Counting costs a little, so what is measured does not count. */
  readonly count: boolean
  /** Whether due work is done by itself; while one thing is counted it is not, so that nothing else is going on. */
  readonly background?: boolean
  /** `off` for a market that keeps no answers; on as it comes. */
  readonly cache?: 'on' | 'off'
  /** Keys of the market, where the one who measures signs tokens; and whether people pay at the simulated bank. */
  readonly keys?: Readonly<Record<string, string>>
  readonly simulators?: boolean
}

/** What an operation took. */
export interface Counts {
  readonly fetches: readonly string[]
  readonly statements: readonly string[]
  /** How often everybody's due work was looked for. */
  readonly rounds: number
}

/** Providers that a market in production must name; what is measured asks none of them, and nothing listens there. */
const outside = {
  SMTP_URL: 'smtp://127.0.0.1:9',
  COURIER_URL: 'http://127.0.0.1:9',
  COURIER_SECRET: 'measured',
  PAYMENT_PROVIDER_URL: 'http://127.0.0.1:9',
  PAYMENT_SERVER_KEY: 'measured',
  PAYOUT_KEY: 'measured',
  PAYOUT_MERCHANT_KEY: 'measured',
}

/** What is measured comes from one address that asks for what thousands do: it is counted, and never too much. */
const budgets = { BUDGET_ADDRESS: '1000000000000', BUDGET_ACCOUNT: '0', BUDGET_TRIES: '0' }

// A process of its own: the whole market, as `npm start` opens it, in production mode.
const noCounts = () => ({ fetches: [] as string[], statements: [] as string[], rounds: 0 })
let counts = noCounts()

async function open({ urls, dataDir, count, cache = 'on', keys, ...message }: OpenMessage): Promise<void> {
  const { simulators = false, background = !count } = message
  const world = simulators ? { NODE_ENV: 'development' } : { ...outside, NODE_ENV: 'production' }
  const settings = readSettings({ ...generateKeys(), ...keys, ...world, ...budgets, ROUTER_CACHE: cache, LOG_LEVEL: 'warn' })
  const log = openLog(settings.LOG_LEVEL, 'bench')
  const http = await listen({ host: '127.0.0.1', port: 0, log })
  const bus = memoryBus()
  const common = { settings, log, http, bus, dataDir, clock: systemClock, background, accounts: [] }
  const counting = {
    onFetch: (domain: string) => void counts.fetches.push(domain),
    onStatement: (domain: Domain, text: string) => void counts.statements.push(`${domain}: ${text}`),
  }
  const market = await openMarket({ ...common, databaseUrl: (domain) => urls[domain], ...(count && counting) })
  if (!background) await market.settle()
  process.on('SIGTERM', () => void market.stop().finally(() => process.exit(0)))
  process.on('disconnect', () => process.exit(0))
  const answer = async ({ settle = false }: { readonly settle?: boolean }) => {
    if (settle) counts.rounds += await market.settle()
    process.send!(counts)
    counts = noCounts()
  }
  process.on('message', (message) => void answer(message as object))
  process.send!({ port: http.port })
}

process.once('message', (message) => void open(message as OpenMessage))
