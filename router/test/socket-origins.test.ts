import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startTestMarket, type TestMarket } from './support/test-market.ts'

const shop = 'https://shop.example'

describe('a socket that a page opens', () => {
  let market: TestMarket
  beforeAll(async () => {
    market = await startTestMarket({ env: { CORS_ORIGINS: shop } })
  })
  afterAll(() => market.stop())

  /** What a socket is answered with; 101 where it is opened. */
  const answered = (origin: string | undefined) =>
    new Promise<number | undefined>((resolve) => {
      const headers = origin === undefined ? {} : { origin }
      const socket = new WebSocket(`${market.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers })
      socket.on('error', () => undefined)
      socket.on('unexpected-response', (_, response) => {
        resolve(response.statusCode)
        response.destroy()
      })
      socket.on('open', () => {
        resolve(101)
        socket.terminate()
      })
    })

  it("is taken where its page is the market's own or of a listed origin, and where there is no page", async () => {
    expect(await Promise.all([market.url, shop, undefined].map(answered))).toEqual([101, 101, 101])
  })

  it('is refused where its page is of any other, which could act from wherever somebody looks at it', async () => {
    const others = ['https://evil.example', `${market.url}.evil.example`, 'http://127.0.0.1:1', `${shop}.evil.example`, 'null']
    expect(await Promise.all(others.map(answered))).toEqual(others.map(() => 403))
  })
})
