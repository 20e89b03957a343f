import { createServer } from 'node:http'
import { newId } from '@pasar/shared/ids'
import { expect, it } from 'vitest'
import { openDoor } from '../src/prove/oversell/door.ts'
import { press } from '../src/prove/oversell/press.ts'

/** Whoever presses does not wait here. */
const atOnce = () => -0.5

const placed = { __typename: 'CheckoutPlaced', checkout: { id: 'chk_1', payment: { id: 'pay_1' } } }
const shed = { data: null, errors: [{ message: 'busy', extensions: { code: 'SERVICE_UNAVAILABLE' } }] }

it('comes again when it is told to, and also when a call breaks, which is a fault and no telling', async () => {
  const answers = [undefined, '<html>', JSON.stringify(shed), JSON.stringify({ data: { checkout: placed } })]
  const keys = new Set<string>()
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      keys.add((JSON.parse(body) as { variables: { input: { idempotencyKey: string } } }).variables.input.idempotencyKey)
      const answer = answers.shift()
      if (answer === undefined) request.socket.destroy()
      else response.end(answer)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const door = openDoor(`http://127.0.0.1:${(server.address() as { port: number }).port}`)
  try {
    const buyer = { accountId: newId('account'), token: 'token', address: '10.0.0.1', cartId: 'crt_1', cartVersion: 1 }
    const told = await press(door, buyer, atOnce)
    expect(told).toMatchObject({ outcome: 'PLACED', checkoutId: 'chk_1', paymentId: 'pay_1', shed: 1 })
    expect(told.faults).toEqual([expect.stringContaining('no answer: '), expect.stringContaining('no answer: ')])
    expect(keys.size).toBe(1)
  } finally {
    await door.stop()
    await new Promise((resolve) => server.close(resolve))
  }
})
