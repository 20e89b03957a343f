import { readSettings } from '@pasar/shared/process/settings'
import { describe, expect, it } from 'vitest'
import { openProviders } from './providers.ts'

const midtrans = {
  PAYMENT_PROVIDER_URL: 'https://midtrans.example',
  PAYMENT_SERVER_KEY: 'own',
  PAYOUT_KEY: 'own',
  PAYOUT_MERCHANT_KEY: 'own',
}
const xendit = { XENDIT_URL: 'https://xendit.example', XENDIT_SECRET_KEY: 'own', XENDIT_CALLBACK_TOKEN: 'own' }
const open = (env: Readonly<Record<string, string>>) => openProviders(readSettings({ NODE_ENV: 'production', ...env }))
const keys = Object.keys({ ...midtrans, ...xendit }).filter((name) => !name.endsWith('_URL'))

describe('a market in production', () => {
  it.each(keys)('is not paid through a provider whose %s everybody knows', (name) => {
    expect(() => open({ ...midtrans, ...xendit, [name]: '' })).toThrow(
      `${name} must be set in production: its development value is known to everybody`,
    )
  })

  it.each([midtrans, xendit])('needs no keys of a provider that it does not use: %j', async (env) => {
    const providers = open(env)
    expect(providers.open).toHaveLength(1)
    await providers.stop()
  })
})
