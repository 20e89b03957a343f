import { generateKeys } from '@pasar/shared/identity/keys'
import { readSettings, type Settings } from '@pasar/shared/process/settings'
import { newSigningKey } from '@pasar/users/access-tokens'

/** The environment of all processes of one measurement. */
export type MarketEnvironment = Readonly<Record<string, string>>

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

/** What is measured comes from few viewers at one address that ask for what thousands do: it is counted, and never too much. */
const budgets = { BUDGET_ADDRESS: '1000000000000', BUDGET_ACCOUNT: '1000000000000' }

/** Keys that are made anew. */
export const newEnvironment = (): MarketEnvironment => ({
  ...generateKeys(),
  ...budgets,
  ACCESS_TOKEN_KEY: newSigningKey(),
  LOG_LEVEL: 'warn',
})

/** As in production. */
export const productionSettings = (environment: MarketEnvironment): Settings =>
  readSettings({ ...environment, ...outside, NODE_ENV: 'production' })
