import { describe, expect, it } from 'vitest'
import type { MemberName } from '../world/member.ts'
import { actors, victimsOf, type Actor, type Death } from './deaths.ts'
import { openFate } from './fate.ts'
import { plannedCells, planHash, planTellings, type Passages } from './plan.ts'
import { stories } from './stories.ts'
import { summarise } from './summary.ts'
import { emptyTally } from './tell-all.ts'

const first = <T>([one]: readonly T[]): T => one!
const somebody = (): readonly MemberName[] => ['products']

describe('a death', () => {
  const death: Death = { point: 'reserveStock.call', nth: 1, actor: 'participant' }

  it('that finds its victim dead already does not count, and comes when it lives', () => {
    const fate = openFate([death], first)
    expect(fate.strike(death.point, () => undefined)).toBeUndefined()
    expect(fate.told()).toMatchObject({ died: [], missed: [death] })
    expect(fate.strike(death.point, somebody)).toMatchObject({ victims: ['products'] })
    expect(fate.told()).toMatchObject({ died: [death], missed: [] })
  })

  it('of what another one left is missed when it does not come, and told again where the story went', () => {
    const pair: Death = { ...death, next: { point: 'markPaid.reply', nth: 1, actor: 'both' } }
    const fate = openFate([pair], first)
    fate.strike(death.point, somebody)
    fate.strike('undo reserveStock.call', somebody)
    expect(fate.told()).toMatchObject({
      died: [pair],
      pairs: 0,
      missed: [{ ...pair, next: { point: 'undo reserveStock.call', nth: 1, actor: 'both' } }],
    })
  })

  it('of a pair strikes at the first time after the first one', () => {
    const fate = openFate([{ ...death, next: { ...death, actor: 'both' } }], first)
    const actors = [1, 2, 3].map(() => fate.strike(death.point, somebody)?.actor)
    expect(actors).toEqual(['participant', 'both', undefined])
    expect(fate.told()).toMatchObject({ pairs: 1, missed: [] })
  })
})

describe('who dies', () => {
  const member = (isOver: boolean, callers: MemberName[] = []) => ({ life: { isOver: () => isOver }, callers })
  const cast = (dead: readonly MemberName[], callers: MemberName[] = []) => ({
    member: (name: MemberName) => member(dead.includes(name), callers) as never,
  })
  interface At {
    readonly actor: Actor
    readonly hit: MemberName
    readonly point: string
    readonly dead?: MemberName[]
    readonly callers?: MemberName[]
    readonly victims: readonly MemberName[] | undefined
  }
  const reserving = { hit: 'products', point: 'productsReserve.committing' } as const
  it.each<[string, At]>([
    [
      'the participant that the step asks',
      { actor: 'participant', hit: 'orders 2', point: 'reserveStock.call', victims: ['products'] },
    ],
    [
      'the same where it is undone',
      { actor: 'participant', hit: 'orders', point: 'undo createPayment.reply', victims: ['payments'] },
    ],
    ['the replica that asks', { actor: 'orchestrator', ...reserving, callers: ['orders 2'], victims: ['orders 2'] }],
    [
      'nobody where it is dead',
      { actor: 'orchestrator', ...reserving, dead: ['orders'], callers: ['orders'], victims: undefined },
    ],
    [
      'whoever lives where nobody asks',
      {
        actor: 'both',
        hit: 'products',
        point: 'OrderPaid@products.handled',
        dead: ['orders'],
        victims: ['orders 2', 'products'],
      },
    ],
    [
      'an uninvolved one where orders asks nobody',
      { actor: 'participant', hit: 'orders', point: 'acceptOrder.replying', victims: ['users'] },
    ],
  ])('is %s', (_, { actor, hit, point, dead = [], callers = [], victims }) => {
    expect(victimsOf(actor, { world: cast(dead, callers), hit, point, other: 'users' })).toEqual(victims)
  })
})

describe('a plan', () => {
  const story = stories[0]!
  const passed = ['a', 'b', 'a', 'c', 'd']
  const passages: Passages = new Map([...new Set(passed)].map((point) => [point, [{ story, count: 1, passed }]]))
  const options = { passages, actors: ['both', 'database'], seeds: 2, pairs: 40, reduced: false, seed: 7 } as const

  const cellOf = (point: string, actor: Actor) => ({ point, actor })

  it('lets everybody die at every boundary with every seed', () => {
    const tellings = planTellings({ ...options, actors, seeds: 10, pairs: 0 })
    const deaths = tellings.flatMap((telling) => telling.deaths)
    const timesOf = (at: string) => actors.map((who) => deaths.filter(({ point, actor }) => point === at && actor === who).length)
    expect([...passages.keys()].map(timesOf)).toEqual(Array.from(passages, () => [10, 10, 10, 10]))
  })

  it('lets the second death of a pair strike where the story still comes to', () => {
    const pairs = planTellings(options).flatMap(({ deaths }) => deaths.filter(({ next }) => next))
    expect(pairs).toHaveLength(40)
    for (const { point, next } of pairs) expect(passed.slice(passed.indexOf(point) + 1)).toContain(next!.point)
  })

  it('is not carried out where one of its cells never died, or where processes had different ones', () => {
    const cells = plannedCells(planTellings(options))
    expect(cells).toHaveLength(8)
    const said = { seed: 7, points: 4, pointsWithoutStory: [], seeds: 2, pairs: 40, seconds: 1, isWhole: true, isOnePlan: true }
    const tally = { ...emptyTally(), tellings: 1, deathsAt: { a: { both: 3 } }, takeoversMs: [5_000] }
    const given = { said, cells, isCut: false, isChosen: false }
    const oneCell = { ...given, cells: [cellOf('a', 'both')] }
    expect(summarise(tally, given)).toMatchObject({ cells: 8, leastPerCell: 0, ok: false })
    expect(summarise(tally, oneCell)).toMatchObject({ leastPerCell: 3, ok: true })
    expect(summarise(tally, { ...oneCell, said: { ...said, isOnePlan: false } }).ok).toBe(false)
    expect(planHash(planTellings({ ...options, seed: 8 }))).not.toBe(planHash(planTellings(options)))
  })

  it('shows nothing of takeovers where every boundary was played and no saga was ever taken over', () => {
    const said = { seed: 7, points: 1, pointsWithoutStory: [], seeds: 1, pairs: 0, seconds: 1, isWhole: true, isOnePlan: true }
    const tally = { ...emptyTally(), tellings: 1, deathsAt: { a: { both: 1 } } }
    const given = { said, cells: [cellOf('a', 'both')], isCut: false, isChosen: false }
    expect(summarise(tally, given)).toMatchObject({ ok: false, takeovers: { count: 0 } })
    expect(summarise(tally, { ...given, isChosen: true }).ok).toBe(true)
    expect(summarise({ ...tally, takeoversMs: [12_000] }, given).ok).toBe(false)
    expect(summarise({ ...tally, takeoversMs: [5_000] }, given).ok).toBe(true)
  })
})
