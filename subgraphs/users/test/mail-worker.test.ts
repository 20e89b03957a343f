import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { startForTest, type OpenSubgraph } from '@pasar/shared/testing/subgraph'
import { expect, it } from 'vitest'
import { openUsers, type Users } from '../src/subgraph.ts'
import { openMailboxForTest } from './mailbox-for-test.ts'

const mutation = 'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { __typename } }'
const nobody = () => Promise.reject(new Error('nobody is asked'))

it('a market that stops waits for one mail only, however many a mail server that says nothing keeps waiting', async () => {
  const silent = createServer().listen(0, '127.0.0.1')
  await once(silent, 'listening')
  const tries: Socket[] = []
  silent.on('connection', (socket: Socket) => void tries.push(socket))
  const { port } = silent.address() as AddressInfo
  let users: Users | undefined
  const open: OpenSubgraph = async (platform, url) => (users = await openUsers({ ...platform, background: true }, url, nobody))
  const market = await startForTest('users', open, { SMTP_URL: `smtp://127.0.0.1:${port}` })
  const firstTry = once(silent, 'connection')
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

it('a mail that its server refuses is logged by the server’s codes, not by its words, which name whom it was for', async () => {
  const mailbox = await openMailboxForTest()
  mailbox.state.rejecting = { 'gone.example': 550 }
  const lines: string[] = []
  const note = (details: object, message: string) => void lines.push(`${message} ${inspect(details, { depth: 10 })}`)
  const log = { debug: note, info: note, warn: note, error: note }
  let users: Users | undefined
  const open: OpenSubgraph = async (platform, url) => (users = await openUsers({ ...platform, log }, url, nobody))
  const market = await startForTest('users', open, { SMTP_URL: mailbox.url })
  const email = 'kenari@gone.example'
  await users!.createAccount({ email, name: 'Kenari' })
  await market.execute({ query: mutation, variables: { input: { email } } })
  await market.settle()
  expect(mailbox.tried).toEqual([email])
  expect(lines).toEqual([expect.stringMatching(/^mail not sent .*RCPT TO.*550/s)])
  expect(lines.join('\n')).not.toMatch(/kenari/i)
  await market.stop()
  await mailbox.stop()
})
