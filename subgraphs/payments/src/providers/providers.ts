import type { Route } from '@pasar/shared/http/server'
import { SettingProblem } from '@pasar/shared/process/setting-problem'
import { refuseDevelopmentKeys, type Settings } from '@pasar/shared/process/settings'
import type { PaymentMethod } from '../domain/methods.ts'
import { midtrans } from './midtrans.ts'
import type { ProviderName } from '../domain/payment.ts'
import { providerSilent, type PaymentProvider } from './provider.ts'
import { xendit } from './xendit.ts'

/** Every provider that this market is set up for. */
export interface Providers {
  readonly open: readonly PaymentProvider[]
  /** The provider of a payment that was made; throws Unavailable where the market is no longer set up for it. */
  of(name: ProviderName): PaymentProvider
  /** Who takes a new payment: the market itself, the provider of the settings, or another one that offers the method. */
  choose(method: PaymentMethod): PaymentProvider | undefined
  stop(): Promise<void>
}

/** Where each provider's notifications arrive. */
export const notificationPath = ({ name }: Pick<PaymentProvider, 'name'>): Route['path'] => `/notifications/${name.toLowerCase()}`

/** Nobody outside takes the money: there is nothing to ask, and what goes back goes onto the buyer's balance. */
const market: PaymentProvider = {
  name: 'MARKET',
  supports: (method) => method === 'WALLET' || method === 'COD',
  charge: async () => ({ kind: 'refused', reason: 'nobody to ask' }),
  status: async () => undefined,
  cancel: async () => undefined,
  refund: async () => ({ outcome: 'refused', message: undefined, reference: null }),
  payout: async () => {
    throw providerSilent()
  },
  payoutStatus: async () => undefined,
  read: () => ({ kind: 'forged' }),
  stop: async () => undefined,
}

const midtransKeys = ['PAYMENT_SERVER_KEY', 'PAYOUT_KEY', 'PAYOUT_MERCHANT_KEY'] as const
const xenditKeys = ['XENDIT_SECRET_KEY', 'XENDIT_CALLBACK_TOKEN'] as const

const withoutSlash = (url: string) => url.replace(/\/+$/, '')

/** Opens every provider that the settings name. */
export function openProviders(given: Settings): Providers {
  const { PAYMENT_PROVIDER_URL: midtransUrl, XENDIT_URL: xenditUrl, PAYMENT_PROVIDER: first } = given
  if (midtransUrl !== undefined) refuseDevelopmentKeys(given, midtransKeys)
  if (xenditUrl !== undefined) refuseDevelopmentKeys(given, xenditKeys)
  const open: PaymentProvider[] = []
  if (midtransUrl !== undefined)
    open.push(
      midtrans({
        baseUrl: withoutSlash(midtransUrl),
        serverKey: given.PAYMENT_SERVER_KEY,
        payoutKey: given.PAYOUT_KEY,
        merchantKey: given.PAYOUT_MERCHANT_KEY,
      }),
    )
  if (xenditUrl !== undefined)
    open.push(
      xendit({
        baseUrl: withoutSlash(xenditUrl),
        secretKey: given.XENDIT_SECRET_KEY,
        callbackToken: given.XENDIT_CALLBACK_TOKEN,
      }),
    )
  if (open.length === 0)
    throw new SettingProblem('PAYMENT_PROVIDER_URL and XENDIT_URL are missing: payments are made at a payment provider')
  if (first === 'xendit') open.reverse()
  const all = [market, ...open]
  return {
    open,
    of: (name) => {
      const provider = all.find((one) => one.name === name)
      if (!provider) throw providerSilent()
      return provider
    },
    choose: (method) => all.find((provider) => provider.supports(method)),
    stop: async () => void (await Promise.all(open.map((provider) => provider.stop()))),
  }
}
