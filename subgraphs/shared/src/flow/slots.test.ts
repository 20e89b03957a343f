import { expect, it, vi } from 'vitest'
import { openSlots } from './slots.ts'

const busy = { id: 'Coba lagi', en: 'Try again' }

const held = () => {
  let finish: () => void = () => undefined
  const work = new Promise<void>((resolve) => (finish = resolve))
  return { work, finish }
}

it('sends away who has waited for too long, and nobody else', async () => {
  const inSlot = openSlots({ atOnce: 1, waitingMax: 5, waitingMs: 1, what: 'signing in', busy })
  const first = held()
  const running = inSlot(() => first.work)
  await expect(inSlot(async () => undefined)).rejects.toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE' } })
  first.finish()
  await running
  expect(await inSlot(async (waited) => waited)).toBe(false)
})

it('lets a few work at once, the rest in the order they came, and sends away who would wait too long', async () => {
  const inSlot = openSlots({ atOnce: 2, waitingMax: 1, what: 'signing in', busy })
  const jobs = [held(), held(), held()]
  const started: number[] = []
  const running = jobs.map(({ work }, n) =>
    inSlot(async () => {
      started.push(n)
      await work
    }),
  )
  await expect(inSlot(async () => undefined)).rejects.toMatchObject({
    extensions: { code: 'SERVICE_UNAVAILABLE', retryable: true },
  })
  expect(started).toEqual([0, 1])
  jobs[1]!.finish()
  await vi.waitFor(() => expect(started).toEqual([0, 1, 2]))
  jobs.forEach(({ finish }) => finish())
  await Promise.all(running)
  expect(await inSlot(async () => 'free')).toBe('free')
})

it('is free again after work that failed', async () => {
  const inSlot = openSlots({ atOnce: 1, waitingMax: 0, what: 'signing in', busy })
  await expect(inSlot(() => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
  expect(await inSlot(async () => 'free')).toBe('free')
})

it('lets somebody leave the line, who then takes no slot', async () => {
  const inSlot = openSlots({ atOnce: 1, waitingMax: 5, what: 'signing in', busy })
  const first = held()
  const leaving = new AbortController()
  const running = inSlot(() => first.work, leaving.signal)
  const waiting = inSlot(async () => 'served', leaving.signal)
  const behind = inSlot(async () => 'served')
  leaving.abort('there is nothing left')
  await expect(waiting).rejects.toBe('there is nothing left')
  first.finish()
  await running
  expect(await behind).toBe('served')
})
