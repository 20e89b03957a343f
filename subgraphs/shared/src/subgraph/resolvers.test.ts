import { describe, expect, it } from 'vitest'
import { iteratorOf } from '../flow/iterators.ts'
import { rupiah, type Minor, type Money } from '../money.ts'
import { streamed, type Answered, type Complete, type Reference } from './resolvers.ts'

interface Row {
  readonly id: string
  readonly title: string
  readonly price: Minor
}

type Field<R> = (row: Row, args: object, context: object) => Promise<R> | R

/** As the generator makes them of `type Thing @key(fields: "id") { id: ID! title: String! price: Money! }`. */
type Resolvers = { Thing?: ThingResolvers }
type ThingResolvers = {
  __resolveReference?: (reference: Reference, context: object) => Promise<Row | Reference | null> | Row | Reference | null
  id?: Field<string>
  title?: Field<string>
  price?: Field<Money>
}
type Whole = Complete<Resolvers, { Thing: Row }>

const row: Row = { id: 'thing_1', title: 'Kopi', price: rupiah(53_500).amount }
const find = () => row
const price = (thing: Row) => rupiah(thing.price)

describe('the resolvers of a subgraph', () => {
  it('are those of what its rows do not have as the graph wants it', () => {
    const whole = { Thing: { __resolveReference: find, price } } satisfies Whole
    expect(whole.Thing.price(whole.Thing.__resolveReference())).toEqual({ amount: 53_500n, currency: 'IDR' })
  })

  // The compiler holds these: where it has nothing to say against one of them, it says that.
  it('do not compile with one that is missing, misnamed or of another type', () => {
    // @ts-expect-error: the graph wants money where the row has a number
    const withoutPrice = { Thing: { __resolveReference: find } } satisfies Whole
    // @ts-expect-error: a row is not what the router says of a thing
    const unfound = { Thing: { price } } satisfies Whole
    // @ts-expect-error: what the router says of a thing is not a row
    const itself = { Thing: { __resolveReference: (reference: Reference) => reference, price } } satisfies Whole
    // @ts-expect-error: the graph has no such field
    const misnamed = { Thing: { __resolveReference: find, price, titel: () => 'Teh' } } satisfies Whole
    // @ts-expect-error: a title is a text
    const mistyped = { Thing: { __resolveReference: find, price, title: () => 1 } } satisfies Whole
    expect([withoutPrice, unfound, itself, misnamed, mistyped]).toHaveLength(5)
  })

  it('take what a command answers by the ids of what it is about, without the sentence that the schema adds', () => {
    type Outcome = Answered<{ thing: Row; message: string; version: number }, 'thing', 'message'>
    const stale: Outcome = { thingId: row.id, version: 2 }
    // @ts-expect-error: the thing itself is read when it is selected
    const withThing: Outcome = { thing: row, version: 2 }
    expect([stale.thingId, withThing.version]).toEqual(['thing_1', 2])
  })

  it('hand on each frame of a stream as it is', async () => {
    const frames = iteratorOf(
      async () => ({ value: { cursor: 'a' }, done: false as const }),
      async () => undefined,
    )
    const followed = streamed(async (context: { readonly of: string }, { after }: { readonly after: string }) =>
      context.of === 'me' && after === 'b' ? frames : Promise.reject(new Error('others')),
    )
    expect(await followed.subscribe({}, { after: 'b' }, { of: 'me' })).toBe(frames)
    expect(followed.resolve({ cursor: 'a' })).toEqual({ cursor: 'a' })
  })
})
