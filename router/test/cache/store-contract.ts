import { expect, it } from 'vitest'
import { readMsMax, type CacheStore, type NewEntry } from '../../src/cache/store.ts'

/** A store whose time a test moves. */
export interface TestStore {
  readonly store: CacheStore
  /** Moves the clock by which the store judges marks, and where it can the one by which entries end. */
  wait(milliseconds: number): void
}

const entry = (key: string, tags: readonly string[], text = `"${key}"`): NewEntry => ({ key, tags, text, maxAgeMs: 60_000 })

/** What every store promises; run by the tests of each. */
export function storeContract(open: () => Promise<TestStore>): void {
  const read = async (store: CacheStore, ...keys: string[]) => (await store.read(keys)).values

  it('gives back what it was given, and nothing else', async () => {
    const { store } = await open()
    const { values, mark } = await store.read(['a', 'b'])
    expect(values).toEqual([undefined, undefined])
    expect(await store.write([entry('a', ['Shop 1'], '{"name":"Toko Ä 🏪"}')], mark)).toBe(1)
    expect(await read(store, 'b', 'a')).toEqual([undefined, '{"name":"Toko Ä 🏪"}'])
    await store.stop()
  })

  it('drops every entry that holds a changed entity, and no other', async () => {
    const { store } = await open()
    const { mark } = await store.read(['none'])
    await store.write([entry('a', ['Shop 1']), entry('b', ['Product 1', 'Shop 1']), entry('c', ['Product 1'])], mark)
    expect(await store.invalidate(['Shop 1', 'Shop 9'])).toBe(2)
    expect(await read(store, 'a', 'b', 'c')).toEqual([undefined, undefined, '"c"'])
    await store.stop()
  })

  it('does not keep what was read before its entity changed', async () => {
    const { store } = await open()
    const before = (await store.read(['a'])).mark
    await store.invalidate(['Shop 1'])
    expect(
      await store.write([entry('a', ['Shop 1']), entry('b', ['Product 1', 'Shop 1']), entry('c', ['Product 1'])], before),
    ).toBe(1)
    expect(await read(store, 'a', 'b', 'c')).toEqual([undefined, undefined, '"c"'])
    const after = (await store.read(['a'])).mark
    expect(await store.write([entry('a', ['Shop 1'])], after)).toBe(1)
    expect(await read(store, 'a')).toEqual(['"a"'])
    await store.stop()
  })

  it('does not keep what took longer to read than changes are remembered', async () => {
    const { store, wait } = await open()
    const { mark } = await store.read(['a'])
    wait(readMsMax + 1)
    expect(await store.write([entry('a', ['Shop 1'])], mark)).toBe(0)
    await store.stop()
  })

  it('says for how long all that it gives back may still be kept', async () => {
    const { store } = await open()
    const { mark, restMs } = await store.read(['a', 'b'])
    expect(restMs).toBe(Infinity)
    await store.write([entry('a', []), { ...entry('b', []), maxAgeMs: 30_000 }], mark)
    const rest = async (...keys: string[]) => Math.ceil((await store.read(keys)).restMs / 10_000)
    expect([await rest('a', 'none'), await rest('b', 'a'), await rest('a')]).toEqual([6, 3, 6])
    await store.stop()
  })

  it('forgets everything at once, also what is being read', async () => {
    const { store } = await open()
    const { mark } = await store.read(['none'])
    await store.write([entry('a', ['Shop 1'])], mark)
    await store.clear()
    expect(await read(store, 'a')).toEqual([undefined])
    expect(await store.write([entry('b', ['Shop 1'])], mark)).toBe(0)
    expect(await store.write([entry('b', ['Shop 1'])], (await store.read(['none'])).mark)).toBe(1)
    await store.stop()
  })

  it('says what it holds', async () => {
    const { store } = await open()
    await store.write([entry('a', ['Shop 1'], '"needle"')], (await store.read(['none'])).mark)
    expect((await store.dump()).join()).toContain('needle')
    const size = await store.size()
    expect(size.entries).toBe(1)
    expect(size.bytes).toBeGreaterThan(5)
    await store.stop()
  })
}
