import { describe, expect, it } from 'vitest'
import { fixedClock } from '../clock.ts'
import { identityHeaders, openSigner, openVerifier } from './signature.ts'
import { generateKeys, signingKeys, trustedIssuers } from './keys.ts'
import { readSettings, type Settings } from '../process/settings.ts'
import { accountForTest } from '../testing/account.ts'
import { guest } from './viewer.ts'

const settings = readSettings(generateKeys())
const path = '/graphql'
const identity = { viewer: accountForTest(['seller']), locale: 'id', requestId: 'r-1' } as const

const market = () => {
  const clock = fixedClock()
  return {
    clock,
    router: openSigner(signingKeys(settings, 'router'), clock),
    orders: openSigner(signingKeys(settings, 'orders'), clock),
    products: openVerifier({ audience: 'products', trusted: trustedIssuers(settings, 'products'), clock }),
    payments: openVerifier({ audience: 'payments', trusted: trustedIssuers(settings, 'payments'), clock }),
  }
}

describe('a subgraph', () => {
  it('learns from the router who asks', async () => {
    const { router, products } = market()
    const headers = await router.headers('products', identity, { path, body: '{}' })
    expect(await products(headers, { path, body: '{}' })).toEqual(identity)
  })

  it.each([
    ['without headers', () => ({})],
    ['without a signature', (headers: object) => ({ ...headers, [identityHeaders.signature]: undefined })],
    ['with another request id', (headers: object) => ({ ...headers, [identityHeaders.requestId]: 'r-2' })],
    ['with a token of its own making', (headers: object) => ({ ...headers, [identityHeaders.viewer]: 'e30.e30.e30' })],
  ])('refuses a request %s', async (_, alter) => {
    const { router, products } = market()
    const headers = await router.headers('products', identity, { path, body: '{}' })
    await expect(products(alter(headers), { path, body: '{}' })).rejects.toThrow('not signed')
  })

  it('refuses a changed body, another path and a request meant for another subgraph', async () => {
    const { router, products, payments } = market()
    const headers = await router.headers('products', identity, { path, body: '{}' })
    await expect(products(headers, { path, body: '{ }' })).rejects.toThrow('not signed')
    await expect(products(headers, { path: '/other', body: '{}' })).rejects.toThrow('not signed')
    await expect(payments(headers, { path, body: '{}' })).rejects.toThrow('not signed')
  })

  it('is told the same while keys are replaced, one process after the other, and believes the old ones no longer in the end', async () => {
    const before = generateKeys()
    const after = generateKeys()
    const of = (keys: (name: string) => string) =>
      readSettings(Object.fromEntries(Object.keys(before).map((name) => [name, keys(name)])))
    const isPrivate = (name: string) => name.endsWith('_PRIVATE_KEY')
    const steps = [
      of((name) => before[name]!),
      of((name) => (isPrivate(name) ? before[name]! : `${before[name]},${after[name]}`)),
      of((name) => (isPrivate(name) ? after[name]! : `${after[name]}, ${before[name]}`)),
      of((name) => after[name]!),
    ]
    const ask = async (from: Settings, to: Settings) => {
      const clock = fixedClock()
      const headers = await openSigner(signingKeys(from, 'router'), clock).headers('products', identity, { path, body: '{}' })
      const door = openVerifier({ audience: 'products', trusted: trustedIssuers(to, 'products'), clock })
      return door(headers, { path, body: '{}' })
    }
    for (const [index, step] of steps.entries())
      for (const near of steps.slice(Math.max(0, index - 1), index + 2)) expect(await ask(step, near)).toEqual(identity)
    await expect(ask(steps[0]!, steps[3]!)).rejects.toThrow('not signed')
    await expect(ask(steps[3]!, steps[0]!)).rejects.toThrow('not signed')
  })

  it('refuses the same request a second time, and an old one', async () => {
    const { router, products, clock } = market()
    const headers = await router.headers('products', identity, { path, body: '{}' })
    await products(headers, { path, body: '{}' })
    await expect(products(headers, { path, body: '{}' })).rejects.toThrow('not signed')
    const late = await router.headers('products', identity, { path, body: '{}' })
    clock.advance(31_000)
    await expect(products(late, { path, body: '{}' })).rejects.toThrow('not signed')
  })

  it('lets orders speak for itself only', async () => {
    const { orders, products } = market()
    const own = { viewer: { kind: 'service', name: 'orders' }, locale: 'id', requestId: 'r-1' } as const
    expect(await products(await orders.headers('products', own, { path, body: '' }), { path, body: '' })).toEqual(own)
    const asBuyer = await orders.headers('products', identity, { path, body: '' })
    await expect(products(asBuyer, { path, body: '' })).rejects.toThrow('not signed')
    const asAnother = await orders.headers(
      'products',
      { ...own, viewer: { kind: 'service', name: 'payments' } },
      { path, body: '' },
    )
    await expect(products(asAnother, { path, body: '' })).rejects.toThrow('not signed')
  })

  it('keeps guests apart from accounts though tokens are reused', async () => {
    const { router, products } = market()
    await products(await router.headers('products', identity, { path, body: '' }), { path, body: '' })
    const asGuest = { ...identity, viewer: guest }
    expect(await products(await router.headers('products', asGuest, { path, body: '' }), { path, body: '' })).toEqual(asGuest)
  })
})
