import { afterEach, describe, expect, it } from 'vitest'
import { startTestMarket, type Sending, type TestMarket } from './support/test-market.ts'

const from = (address: string): Sending => ({ headers: { 'x-forwarded-for': address } })

const budi = from('198.51.100.7')
const rina = from('198.51.100.8')

describe('what a viewer may spend', () => {
  let market: TestMarket
  const open = async (env: Record<string, string>) => {
    market = await startTestMarket({ env: { TRUSTED_PROXIES: '127.0.0.1', ...env } })
  }
  afterEach(() => market.stop())
  const codeOf = async (query: string, sending: Sending = {}) =>
    (await market.post(query, sending)).errors?.[0]?.extensions['code']

  it('is used up by operations that are refused, too, and comes back', async () => {
    await open({ BUDGET_ADDRESS: '60' })
    for (let index = 0; index < 6; index += 1) expect(await codeOf('{ nothing }', budi)).toBe('GRAPHQL_VALIDATION_FAILED')
    const { errors } = await market.post('{ echo }', budi)
    expect(errors?.[0]?.extensions).toEqual({ code: 'RATE_LIMITED', retryAfterSeconds: 1 })
    expect(await codeOf('{ echo }', rina)).toBeUndefined()
    market.clock.advance(1_000)
    expect(await codeOf('{ echo }', budi)).toBeUndefined()
  })

  it('is used up by operations that cost more than is left, and the wait is long enough', async () => {
    await open({ BUDGET_ADDRESS: '60' })
    for (let index = 0; index < 3; index += 1) expect(await codeOf('{ nothing }', budi)).toBe('GRAPHQL_VALIDATION_FAILED')
    const waits: unknown[] = []
    for (let index = 0; index < 3; index += 1)
      waits.push((await market.post('{ survey }', budi)).errors?.[0]?.extensions['retryAfterSeconds'])
    expect(waits).toEqual([30, 40, 50])
    expect(await codeOf('{ echo }', budi)).toBe('RATE_LIMITED')
    market.clock.advance(50_000)
    expect(await codeOf('{ survey }', budi)).toBeUndefined()
  })

  it('is used up by operations that ask for next to nothing, each in other words', async () => {
    await open({ BUDGET_ADDRESS: '60' })
    const codes = new Set<unknown>()
    for (let index = 0; index < 61; index += 1) codes.add(await codeOf(`{ __typename #${index}\n}`, budi))
    expect(codes).toEqual(new Set([undefined, 'RATE_LIMITED']))
  })

  it('lasts longer for operations that are known, and not for ever', async () => {
    await open({ BUDGET_ADDRESS: '60' })
    expect(await codeOf('{ __typename }', rina)).toBeUndefined()
    for (let index = 0; index < 60; index += 1) expect(await codeOf('{ __typename }', budi)).toBeUndefined()
    expect(await codeOf('{ __typename }', budi)).toBe('RATE_LIMITED')
  })

  it('is counted by account, wherever its owner is', async () => {
    await open({ BUDGET_ACCOUNT: '30', BUDGET_ADDRESS: '0' })
    const token = await market.token()
    for (const where of [budi, rina, budi])
      expect(await codeOf('{ nothing }', { ...where, token })).toBe('GRAPHQL_VALIDATION_FAILED')
    expect(await codeOf('{ echo }', { ...rina, token })).toBe('RATE_LIMITED')
    expect(await codeOf('{ echo }', rina)).toBeUndefined()
  })

  it('cannot be stretched by inventing addresses', async () => {
    await open({ BUDGET_ADDRESS: '20', TRUSTED_PROXIES: '' })
    for (const address of ['1.1.1.1', '2.2.2.2']) expect(await codeOf('{ nothing }', from(address))).toBeDefined()
    expect(await codeOf('{ echo }', from('3.3.3.3'))).toBe('RATE_LIMITED')
  })

  it('has few tries of a secret for one address, whoever asks', async () => {
    await open({ BUDGET_TRIES: '3' })
    const signIn = 'mutation { signIn(email: "budi@pasar.example") }'
    const token = await market.token()
    expect([await codeOf(signIn, budi), await codeOf(signIn, { ...budi, token }), await codeOf(signIn, budi)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(await codeOf(signIn, budi)).toBe('RATE_LIMITED')
    expect(await codeOf(signIn, { ...budi, token })).toBe('RATE_LIMITED')
    expect(await codeOf(signIn, rina)).toBeUndefined()
    expect(await codeOf('mutation { note(text: "") }', budi)).toBeUndefined()
  })

  it('says when to come again in the header of HTTP as well', async () => {
    await open({ BUDGET_TRIES: '1' })
    const accept = { accept: 'application/graphql-response+json' }
    const signIn = () => market.post('mutation { signIn(email: "budi@pasar.example") }', { headers: accept })
    await signIn()
    const { status, headers } = await signIn()
    expect([status, headers.get('retry-after')]).toEqual([429, '60'])
  })
})
