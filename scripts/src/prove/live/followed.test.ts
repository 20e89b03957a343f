import { describe, expect, it } from 'vitest'
import { isWhole, isWholeLife, judge, type Followed } from './followed.ts'

const names = ['PLACED', 'PAID', 'ACCEPTED', 'READY_TO_SHIP', 'SHIPPED', 'DELIVERED', 'COMPLETED']
const events = names.map((event, index) => ({ cursor: `c${index}`, event }))

describe('the life of an order', () => {
  it('is whole where its log says each thing that happens to one that is bought and brought', () => {
    expect(isWholeLife(events)).toBe(true)
  })

  it.each([
    ['something was told to nobody', events.toSpliced(3, 1)],
    ['something was told twice', [...events, events[6]!]],
    ['it was told in another order', events.toReversed()],
    ['nothing was told', []],
  ])('is not whole where %s', (_, log) => {
    expect(isWholeLife(log)).toBe(false)
  })
})

const frames = events.map((event) => ({ ...event, order: {} }))
const follower = { name: 'a socket', frames, ends: {} }
const wholeOf = (one: Parameters<typeof judge>[0], asQueried = events.length) =>
  isWhole(judge(one, events, asQueried), events.length)

describe('a follower', () => {
  it('has seen the whole of it with each event once, in order, each as a query said it', () => {
    expect(wholeOf(follower)).toBe(true)
    expect(wholeOf({ ...follower, endsBy: 'cut', ends: { cut: 7 } })).toBe(true)
    expect(wholeOf({ ...follower, endsBy: 'expired', ends: { expired: 2 } })).toBe(true)
  })

  it.each<[string, Partial<Parameters<typeof judge>[0]>, Partial<Followed>]>([
    ['one is missing', { frames: frames.toSpliced(2, 1) }, { missing: 1, inOrder: false }],
    ['one came twice', { frames: [...frames, frames[6]!] }, { twice: 1 }],
    ['one came in place of another', { frames: frames.with(2, frames[1]!) }, { missing: 1, twice: 1 }],
    ['two changed places', { frames: frames.with(2, frames[3]!).with(3, frames[2]!) }, { inOrder: false }],
    ['one goes by another name', { frames: frames.with(1, { ...frames[1]!, event: 'SHIPPED' }) }, { inOrder: false }],
    ['its connection ended and was to stay', { ends: { 'connection lost': 1 } }, { endedAsMeant: false }],
    ['it was cut less often than it was to', { endsBy: 'cut', ends: { cut: 6 } }, { endedAsMeant: false }],
    ['its token never ended', { endsBy: 'expired' }, { endedAsMeant: false }],
    ['it ended for something else, too', { endsBy: 'expired', ends: { expired: 2, complete: 1 } }, { endedAsMeant: false }],
  ])('has not: %s', (_, change, what) => {
    const one = { ...follower, ...change }
    expect(judge(one, events, events.length)).toMatchObject(what)
    expect(wholeOf(one)).toBe(false)
  })

  it('has not where a frame was something else than a query said', () => {
    expect(wholeOf(follower, 6)).toBe(false)
  })
})
