import { generateKeyPairSync } from 'node:crypto'
import { localTransport } from '@pasar/shared/process/addresses'
import { fixedClock } from '@pasar/shared/clock'
import { json, serve, type HttpServer } from '@pasar/shared/http/server'
import { openLog } from '@pasar/shared/log'
import type { SubgraphRequest } from '@pasar/shared/http/transport'
import { createLocalJWKSet, exportJWK, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { localKeys, openAccessTokens, remoteKeys } from '../src/identity/access-token.ts'
import { routerLimits } from '../src/safety/limits.ts'
import { bareSocket } from './support/live-client.ts'
import { startTestMarket, type TestMarket } from './support/test-market.ts'

describe('tokens at the door', () => {
  let market: TestMarket
  beforeAll(async () => {
    market = await startTestMarket()
  })
  afterAll(() => market.stop())

  const refused = async (token: string) => {
    market.fetches.length = 0
    const { status, headers, data, errors } = await market.post('{ whoAsks }', { token })
    expect({ status, data, code: errors?.[0]?.extensions['code'] }).toEqual({
      status: 401,
      data: undefined,
      code: 'UNAUTHENTICATED',
    })
    expect(headers.get('www-authenticate')).toContain('Bearer')
    expect(market.fetches).toEqual([])
  }

  it('lets in who sends none as a guest', async () => {
    expect((await market.post('{ whoAsks }')).data).toEqual({ whoAsks: 'guest in id' })
  })

  it('refuses an expired token', async () => refused(await market.token({ expiresInSeconds: 0 })))
  it('refuses a token of another issuer', async () => refused(await market.token({ issuer: 'somebody' })))
  it('refuses a token for another audience', async () => refused(await market.token({ audience: 'elsewhere' })))
  it('refuses a token of another key', async () =>
    refused(await market.token({ key: generateKeyPairSync('ed25519').privateKey })))
  it('refuses a token that is none', () => refused('not.a.token'))
  it('refuses a token whose body was changed', async () => {
    const [head, , signature] = (await market.token()).split('.')
    const body = Buffer.from(
      JSON.stringify({ iss: 'pasar-users', aud: 'pasar', sub: 'usr_admin', sid: 's', roles: ['admin'], shops: [], exp: 9e9 }),
    )
    await refused(`${head}.${body.toString('base64url')}.${signature}`)
  })
  it('refuses a token without a signature, and one signed with a shared secret', async () => {
    const claims = {
      iss: 'pasar-users',
      aud: 'pasar',
      sub: 'usr_admin',
      sid: 's',
      roles: ['admin'],
      shops: [],
      exp: 9_000_000_000,
    }
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    await refused(`${part({ alg: 'none' })}.${part(claims)}.`)
    await refused(await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'first' }).sign(Buffer.alloc(32, 1)))
  })
  it('refuses another scheme than Bearer', async () => {
    const { status } = await market.post('{ whoAsks }', { headers: { authorization: 'Basic YWRtaW46YWRtaW4=' } })
    expect(status).toBe(401)
  })
})

describe('keys of access tokens', () => {
  const clock = fixedClock()
  const pair = async (kid: string) => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'EdDSA' }
    const seconds = clock.now().getTime() / 1000
    const token = await new SignJWT({ sid: 's', roles: ['seller'], shops: ['shp_1'] })
      .setProtectedHeader({ alg: 'EdDSA', kid })
      .setIssuer('pasar-users')
      .setAudience('pasar')
      .setSubject('usr_1')
      .setExpirationTime(seconds + 60)
      .sign(privateKey)
    return { jwk, token }
  }

  it('reads the keys anew when a token names one that it does not know', async () => {
    const first = await pair('first')
    const second = await pair('second')
    const published = [first.jwk]
    const verify = openAccessTokens(
      localKeys(async () => ({ keys: [...published] })),
      clock,
    )
    await verify(first.token)
    await expect(verify(second.token)).rejects.toThrow('not valid')
    published.push(second.jwk)
    const viewer = { kind: 'account', accountId: 'usr_1', sessionId: 's', roles: ['seller'], shopIds: ['shp_1'] }
    expect((await verify(second.token)).viewer).toEqual(viewer)
  })

  it('are asked about a token once in half a minute, and a token ends when it says', async () => {
    const { jwk, token } = await pair('first')
    const moving = fixedClock()
    const published = createLocalJWKSet({ keys: [jwk] })
    let asked = 0
    const verify = openAccessTokens((header, jws) => {
      asked += 1
      return published(header, jws)
    }, moving)
    for (let request = 0; request < 3; request += 1) await verify(token)
    expect(asked).toBe(1)
    moving.advance(31_000)
    await verify(token)
    expect(asked).toBe(2)
    moving.advance(29_500)
    await expect(verify(token)).rejects.toThrow('not valid')
  })

  describe('over HTTP in a fleet', () => {
    const published: object[] = []
    const jwks = { method: 'GET', path: '/.well-known/jwks.json', handle: () => json(200, { keys: published }) } as const
    let users: HttpServer
    let keys: ReturnType<typeof remoteKeys>
    let old: Awaited<ReturnType<typeof pair>>
    beforeEach(async () => {
      users = await serve([jwks], { host: '127.0.0.1', port: 0, log: openLog('silent', 'users') })
      vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] })
      keys = remoteKeys(`http://127.0.0.1:${users.port}`)
      old = await pair('old')
      published.splice(0, published.length, old.jwk)
      expect((await openAccessTokens(keys, clock)(old.token)).viewer.accountId).toBe('usr_1')
    })
    afterEach(async () => {
      await keys.stop()
      vi.useRealTimers()
      await users.stop()
    })
    const isBelieved = (token: string) =>
      openAccessTokens(
        keys,
        clock,
      )(token).then(
        () => true,
        () => false,
      )

    it('a new one is believed at once, though they were read a moment ago', async () => {
      const next = await pair('next')
      published.push(next.jwk)
      vi.setSystemTime(Date.now() + 2_000)
      expect(await isBelieved(next.token)).toBe(true)
    })

    it('one that was taken away is believed no longer than until they are read again', async () => {
      published.pop()
      published.push((await pair('next')).jwk)
      expect(await isBelieved(old.token)).toBe(true)
      vi.advanceTimersByTime(routerLimits.keysReadMs)
      await expect.poll(() => isBelieved(old.token)).toBe(false)
    })

    it('those that are known are believed while users does not answer', async () => {
      await users.stop()
      vi.advanceTimersByTime(3_600_000)
      expect(await isBelieved(old.token)).toBe(true)
    })
  })
})

describe('tokens while their keys cannot be read', () => {
  it('are not called bad: the client may try again', async () => {
    const broken = remoteKeys('http://127.0.0.1:1')
    const market = await startTestMarket({ verifyAccessToken: openAccessTokens(broken, fixedClock()) })
    const { status, errors } = await market.post('{ whoAsks }', { token: await market.token() })
    expect({ status, code: errors?.[0]?.extensions['code'] }).toEqual({ status: 503, code: 'SERVICE_UNAVAILABLE' })
    const socket = await bareSocket(market.url)
    socket.say({ type: 'connection_init', payload: { authorization: `Bearer ${await market.token()}` } })
    expect((await socket.closed).code).toBe(1013)
    expect((await market.post('{ whoAsks }')).data).toEqual({ whoAsks: 'guest in id' })
    await market.stop()
  })
})

describe('signatures between the router and its subgraphs', () => {
  it('makes each request good for one subgraph, once, unaltered', async () => {
    const seen: SubgraphRequest[] = []
    const market = await startTestMarket({
      transport: (subgraph) =>
        localTransport(() => ({
          subscribe: (subscription) => subgraph.subscribe(subscription),
          execute: (request) => {
            seen.push(request)
            return subgraph.execute(request)
          },
        })),
    })
    expect((await market.post('{ whoAsks }')).errors).toBeUndefined()
    const [{ headers, body }] = seen as [SubgraphRequest]
    const [orders, products] = market.subgraphs as [(typeof market.subgraphs)[0], (typeof market.subgraphs)[0]]
    const tries: readonly [typeof orders, SubgraphRequest][] = [
      [orders, { headers, body }],
      [orders, { headers: {}, body }],
      [orders, { headers, body: body.replace('whoAsks', 'ledger') }],
      [products, { headers, body }],
      [orders, { headers: { ...headers, 'x-request-id': 'another' }, body }],
    ]
    for (const [subgraph, request] of tries) await expect(subgraph.execute(request)).rejects.toThrow('not signed')
    await market.stop()
  })

  it('does not tell a client to sign in when a subgraph refuses the router’s own signature', async () => {
    const market = await startTestMarket({
      transport: (subgraph) =>
        localTransport(() => ({
          subscribe: (subscription) => subgraph.subscribe(subscription),
          execute: ({ headers, body }) => subgraph.execute({ headers: { ...headers, 'x-pasar-signature': '' }, body }),
        })),
    })
    const { data, errors } = await market.post('{ whoAsks }')
    expect(data).toBeNull()
    expect(errors?.[0]?.extensions['code']).toBe('INTERNAL_SERVER_ERROR')
    await market.stop()
  })
})
