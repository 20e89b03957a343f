import { describe, expect, it } from 'vitest'
import { readOptions } from './options.ts'

describe('the arguments of npm run demo', () => {
  it('may name a market, by the address of its router or of its graph', () => {
    expect(readOptions(['--url', 'http://127.0.0.1:4000/graphql'], {})).toMatchObject({ url: 'http://127.0.0.1:4000' })
    expect(readOptions(['--url=https://pasar.example/'], {})).toMatchObject({ url: 'https://pasar.example' })
    expect(readOptions([], { PASAR_URL: 'http://[::1]:4000' })).toMatchObject({ url: 'http://[::1]:4000', json: false })
    expect(readOptions(['--json'], {})).toEqual({ url: undefined, simulators: undefined, json: true })
  })

  it.each([
    [['--url', 'localhost'], /--url must be an address/],
    [['--simulators', 'ftp://x'], /--simulators must be an address/],
    [['--fast'], /Usage: npm run demo/],
    [['now'], /Usage: npm run demo/],
  ])('are refused with a sentence: %j', (args, sentence) => {
    expect(() => readOptions(args, {})).toThrow(sentence)
  })
})
