import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { startForTest, type OpenSubgraph } from '@pasar/shared/testing/subgraph'
import { expect, it } from 'vitest'
import { openUsers, type Users } from '../src/subgraph.ts'

it('a market that stops waits for one mail only, however many a mail server that says nothing keeps waiting', async () => {
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const tries: Socket[] = []
  silent.on('connection', (socket: Socket) => void tries.push(socket))
  const { port } = silent.address() as AddressInfo
  const nobody = () => Promise.reject(new Error('nobody is asked'))
  let users: Users | undefined
  const open: OpenSubgraph = async (platform, url) => (users = await openUsers({ ...platform, background: true }, url, nobody))
  const market = await startForTest('users', open, { SMTP_URL: `smtp://127.0.0.1:${port}` })
  const firstTry = once(silent, 'connection')
  const mutation = 'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { __typename } }'
  for (let n = 0; n < 20; n++) {
    const email = `orang${n}@example.com`
    await users!.createAccount({ email, name: 'Budi Santoso' })
    await market.execute({ query: mutation, variables: { input: { email } } })
  }
  await firstTry
  const before = tries.length
  const stopped = market.stop()
  silent.on('connection', (socket: Socket) => socket.destroy())
  tries.forEach((socket) => socket.destroy())
  await stopped
  expect(tries.length - before).toBeLessThanOrEqual(1)
  silent.close()
})
