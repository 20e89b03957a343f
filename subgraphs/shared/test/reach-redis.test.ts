import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import { freePort } from '@pasar/shared/http/free-port'
import { redisInstalled, startRedis } from '@pasar/shared/testing/redis'
import { createClient } from 'redis'
import { afterEach, describe, expect, it } from 'vitest'
import { reachRedis } from '@pasar/shared/events/reach-redis'

let toEnd: (() => unknown)[] = []
afterEach(async () => {
  for (const end of toEnd) await end()
  toEnd = []
})

/** A server that speaks as Redis does where something is wrong. */
async function speaking(answer: string): Promise<string> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', () => void socket.write(answer))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  toEnd.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return `redis://:bawang-merah@127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('a Redis that a market shall start with', () => {
  it('is told about at once when nothing listens there', async () => {
    const port = await freePort()
    await expect(reachRedis(`redis://127.0.0.1:${port}`, () => undefined)).rejects.toThrow('REDIS_URL: nothing listens there')
  })

  it('is told about when it does not take the password, which is not shown', async () => {
    const url = await speaking('-WRONGPASS invalid username-password pair or user is disabled.\r\n')
    const problem = (await reachRedis(url, () => undefined).catch((error: unknown) => error)) as Error
    expect(problem.message).toContain('REDIS_URL: Redis refuses: WRONGPASS')
    expect(problem.message).not.toContain('bawang-merah')
  })

  it.runIf(redisInstalled())('may keep its figures to itself', async () => {
    const redis = await startRedis()
    toEnd.push(redis.stop)
    const admin = createClient({ url: redis.url })
    await admin.connect()
    await admin.sendCommand(['ACL', 'SETUSER', 'pasar', 'on', '>bawang-merah', '~*', '&*', '+@all', '-@dangerous'])
    await admin.close()
    const said: string[] = []
    await reachRedis(redis.url.replace('redis://', 'redis://pasar:bawang-merah@'), (line) => said.push(line))
    expect(said).toEqual([
      'Redis does not say its version nor its maxmemory-policy to this user: 7 or newer is needed, and noeviction.',
    ])
  })

  it.runIf(redisInstalled())('is told about when it may throw events away, and starts the market all the same', async () => {
    const redis = await startRedis(undefined, ['--maxmemory', '50mb', '--maxmemory-policy', 'allkeys-lru'])
    toEnd.push(redis.stop)
    const said: string[] = []
    await reachRedis(redis.url, (line) => said.push(line))
    expect(said).toEqual([
      'Redis may throw events away when its memory is full (maxmemory-policy allkeys-lru): set it to noeviction.',
    ])
  })
})
