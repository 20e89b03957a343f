import type { Random } from '../../attacks/random.ts'
import type { Sent } from '../collector.ts'
import { lateRound, rounds, virtualAccounts, type Parts, type Step, type When } from './script.ts'

/** What a life is made of. */
interface Made {
  readonly random: Random
  readonly parts: Parts
}

/** A kind of life: which providers have it, and what happens in it beside what always may. */
export interface Kind {
  readonly name: string
  readonly of?: Sent['provider']
  readonly methods?: readonly string[]
  readonly paidTold?: When
  /** Of a shop that takes its money out: one order, worth it. */
  readonly isOfShop?: true
  steps(made: Made): readonly Step[]
}

const orMore = (random: Random, parts: Parts, at: number): Step[] => (random.upTo(2) === 0 ? parts.refund(at) : [])

/** Every kind of life that goes on after the payment. */
export const kinds: readonly Kind[] = [
  {
    name: 'parts go back',
    steps: ({ random, parts }) => [0, 1, 2, 3].flatMap((at) => (at === 0 ? parts.refund(at) : orMore(random, parts, at))),
  },
  { name: 'all goes back', steps: ({ random, parts }) => [...orMore(random, parts, 1), ...parts.rest(2)] },
  {
    name: 'answers get lost',
    steps: ({ random, parts }) => [...parts.refund(0, 'lost'), ...parts.refund(1, random.of(['lost', 'down'] as const))],
  },
  { name: 'the provider is down', steps: ({ random, parts }) => [...parts.refund(0, 'down'), ...orMore(random, parts, 2)] },
  { name: 'refused for a while', steps: ({ random, parts }) => [...parts.refund(0, 'passing'), ...orMore(random, parts, 1)] },
  { name: 'refused for good', steps: ({ random, parts }) => [...parts.refund(0, 'refused'), ...orMore(random, parts, 2)] },
  {
    name: 'refused until it is too late',
    of: 'midtrans',
    steps: ({ parts }) => parts.refund(rounds - 1, 'passing'),
  },
  {
    name: 'fails at the wallet',
    of: 'xendit',
    steps: ({ random, parts }) => [...parts.refund(0), { at: 0, does: 'fail refund' }, ...orMore(random, parts, 3)],
  },
  {
    name: 'fails, and is made at the second try',
    of: 'xendit',
    steps: ({ parts }) => [...parts.refund(0), { at: 0, does: 'fail refund', failureCode: 'INSUFFICIENT_BALANCE' }],
  },
  {
    name: 'is made after it was given up',
    of: 'xendit',
    steps: ({ random, parts }) => [
      ...parts.refund(0),
      { at: 0, does: 'fail refund' },
      { at: 2, does: 'make refund' },
      ...orMore(random, parts, 3),
    ],
  },
  {
    name: 'given back by hand, and then the rest',
    steps: ({ random, parts }) => [
      { at: 0, does: 'give back', share: 1 + random.upTo(100), when: 'now' },
      ...orMore(random, parts, 1),
      ...parts.rest(2),
    ],
  },
  {
    name: 'given back by hand, and told late',
    steps: ({ random, parts }) => [
      { at: random.upTo(2), does: 'give back', share: 1 + random.upTo(100), when: random.of(['later', 'last'] as const) },
      ...parts.refund(1),
      ...(random.upTo(2) === 0 ? parts.rest(2) : []),
    ],
  },
  {
    name: 'told to have gone back before it is told to have come',
    paidTold: 'later',
    steps: ({ random, parts }) => [
      { at: 0, does: 'give back', share: 1 + random.upTo(100), when: 'now' },
      ...orMore(random, parts, 2),
    ],
  },
  {
    name: 'charged back in part',
    of: 'midtrans',
    methods: ['CARD'],
    steps: ({ random, parts }) => [
      ...orMore(random, parts, 0),
      { at: 1, does: 'charge back', share: 1 + random.upTo(60), when: random.of(['now', 'later', 'last'] as const) },
      ...orMore(random, parts, 2),
      ...(random.upTo(3) === 0 ? parts.rest(3) : []),
    ],
  },
  {
    name: 'charged back in whole',
    of: 'midtrans',
    methods: ['CARD'],
    steps: ({ random, parts }) => [
      ...orMore(random, parts, 0),
      { at: 1, does: 'charge back', share: 100, when: random.of(['now', 'later', 'last'] as const) },
      ...orMore(random, parts, 2),
    ],
  },
  {
    name: 'charged back twice',
    of: 'midtrans',
    methods: ['CARD'],
    steps: ({ random, parts }) => [
      { at: 0, does: 'charge back', share: 1 + random.upTo(50), when: random.of(['now', 'later'] as const) },
      ...orMore(random, parts, 1),
      { at: 2, does: 'charge back', share: 1 + random.upTo(100), when: random.of(['now', 'last'] as const) },
      ...orMore(random, parts, 3),
    ],
  },
  {
    name: 'disputed and lost',
    of: 'xendit',
    steps: ({ random, parts }) => [
      ...orMore(random, parts, 0),
      { at: 1, does: 'dispute', share: random.of([30, 70, 100]), when: random.of(['now', 'later', 'last'] as const) },
      { at: 2, does: 'end dispute', by: 'review' },
      ...orMore(random, parts, 2),
      { at: 3, does: 'end dispute', by: 'lose' },
      ...(random.upTo(2) === 0 ? parts.rest(lateRound) : []),
    ],
  },
  {
    name: 'disputed and won',
    of: 'xendit',
    steps: ({ random, parts }) => [
      ...orMore(random, parts, 0),
      { at: 1, does: 'dispute', share: random.of([30, 70, 100]), when: random.of(['now', 'later', 'last'] as const) },
      ...orMore(random, parts, 2),
      { at: 3, does: 'end dispute', by: 'win' },
      ...(random.upTo(2) === 0 ? parts.rest(lateRound) : []),
    ],
  },
  {
    name: 'won while a refund of it waits, which fails then',
    of: 'xendit',
    steps: ({ random, parts }) => [
      { at: 0, does: 'dispute', share: random.of([30, 60, 90]), when: 'now' },
      ...parts.refund(1),
      { at: 1, does: 'end dispute', by: 'win' },
      { at: 1, does: 'fail refund' },
      ...orMore(random, parts, 2),
    ],
  },
  {
    name: 'goes back after its seller was paid',
    steps: ({ random, parts }) => [{ at: 0, does: 'release', order: 0 }, ...parts.refund(1), ...orMore(random, parts, 2)],
  },
  {
    name: 'goes back onto the balance',
    methods: virtualAccounts,
    steps: ({ random, parts }) => [...parts.refund(0), ...orMore(random, parts, 1)],
  },
  {
    name: 'goes back when the time for it is over',
    steps: ({ random, parts }) => [
      { at: 0, does: 'give back', share: 1 + random.upTo(30), when: random.of(['now', 'later', 'last'] as const) },
      ...parts.refund(1),
      ...parts.rest(lateRound),
    ],
  },
  {
    name: 'a shop takes out what it has',
    methods: virtualAccounts,
    isOfShop: true,
    steps: ({ random }) => [
      { at: 0, does: 'release', order: 0 },
      { at: 1, does: 'withdraw', share: random.of([40, 100]), ...(random.upTo(3) === 0 && { weather: 'lost' as const }) },
      ...(random.upTo(2) === 0 ? [{ at: 2, does: 'withdraw', share: 30 } as const] : []),
    ],
  },
  {
    name: 'the bank does not take it',
    methods: virtualAccounts,
    isOfShop: true,
    steps: ({ random }) => [
      { at: 0, does: 'release', order: 0 },
      { at: 1, does: 'withdraw', share: 100, ...(random.upTo(3) === 0 && { weather: 'lost' as const }) },
      { at: 1, does: 'fail' },
      ...(random.upTo(2) === 0 ? [{ at: 3, does: 'withdraw', share: 50 } as const] : []),
    ],
  },
  {
    name: 'the bank sends it back',
    methods: virtualAccounts,
    isOfShop: true,
    steps: ({ random }) => [
      { at: 0, does: 'release', order: 0 },
      { at: 1, does: 'withdraw', share: random.of([50, 100]), ...(random.upTo(3) === 0 && { weather: 'lost' as const }) },
      { at: 1, does: 'pay' },
      { at: random.of([2, 3, lateRound]), does: 'reverse' },
    ],
  },
  {
    name: 'a withdrawal is refused',
    methods: virtualAccounts,
    isOfShop: true,
    steps: () => [
      { at: 0, does: 'release', order: 0 },
      { at: 1, does: 'withdraw', share: 100, weather: 'refused' },
    ],
  },
  {
    name: 'a withdrawal is sent when the provider is there again',
    methods: virtualAccounts,
    isOfShop: true,
    steps: ({ random }) => [
      { at: 0, does: 'release', order: 0 },
      { at: 1, does: 'withdraw', share: 100, weather: random.of(['lost', 'down', 'shut'] as const) },
    ],
  },
  {
    name: 'a shop owes what goes back after it took all out',
    methods: virtualAccounts,
    isOfShop: true,
    steps: ({ random, parts }) => [
      { at: 0, does: 'release', order: 0 },
      { at: 1, does: 'withdraw', share: 100 },
      { at: 1, does: random.of(['pay', 'fail'] as const) },
      ...parts.refund(2),
      ...(random.upTo(2) === 0 ? [{ at: 3, does: 'reverse' } as const] : []),
    ],
  },
]
