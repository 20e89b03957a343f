import { describe, expect, it } from 'vitest'
import type { Client, Listener } from './client.ts'
import { openLive } from './live.ts'

/** A client whose frames the test makes. */
function byHand() {
  const listeners: Listener<unknown>[] = []
  const client: Pick<Client, 'follow'> = {
    follow: (_operation, _variables, listener) => {
      listeners.push(listener)
      return () => undefined
    },
  }
  return {
    client: client as Client,
    say: (frame: string) => listeners.forEach(({ next }) => next(frame)),
    lose: () => listeners.forEach(({ lost }) => lost('closed')),
  }
}

describe('waiting for live frames', () => {
  const open = (deadlineMs = 20_000) => {
    const told: string[] = []
    const { client, say, lose } = byHand()
    const live = openLive((line) => void told.push(line), deadlineMs)
    const stream = live.follow<string>({
      client,
      operation: 'subscription S { s }',
      variables: {},
      tell: (frame) => `saw ${frame}`,
    })
    return { live, stream, say, lose, told }
  }

  it('finds what has come already and what comes later, and tells every frame once', async () => {
    const { live, stream, say, told } = open()
    say('PAID')
    expect(await stream.waitFor('it', (frame) => frame === 'PAID')).toBe('PAID')
    const later = stream.waitFor('it', (frame) => frame === 'SHIPPED')
    const two = stream.waitForCount('two', 2, () => true)
    say('SHIPPED')
    expect(await later).toBe('SHIPPED')
    await two
    expect(told).toEqual(['saw PAID', 'saw SHIPPED'])
    expect(live.count()).toBe(2)
  })

  it('gives up with a sentence when nothing comes', async () => {
    const { stream } = open(1)
    await expect(stream.waitFor('the parcel', () => false)).rejects.toThrow(
      'No live frame told of the parcel within 0.001 seconds',
    )
  })

  it('gives up when the connection is lost, before or while waiting', async () => {
    const { stream, lose } = open()
    const waiting = stream.waitFor('it', () => false)
    lose()
    await expect(waiting).rejects.toThrow('A live connection was lost: closed')
    await expect(stream.waitFor('it', () => false)).rejects.toThrow('A live connection was lost')
  })
})
