import { describe, expect, it } from 'vitest'
import { StartProblem } from '../start-problem.ts'
import { readOptions } from './options.ts'

const read = (...args: string[]) => readOptions({ json: 'switch', seeds: 'number', only: 'text' }, args)

describe('the options of a proof', () => {
  it('are what the command line says, by either way of writing them', () => {
    expect(read('--json', '--seeds', '3', '--only=T03')).toEqual({ json: true, seeds: 3, only: 'T03' })
  })

  it('are absent when nobody says them', () => {
    expect(read()).toEqual({ json: false, seeds: undefined, only: undefined })
  })

  it.each([
    [['--help'], "Unknown option '--help'. Options: --json, --seeds <number>, --only <text>"],
    [['--seed', '3'], "Unknown option '--seed'. Options: --json, --seeds <number>, --only <text>"],
    [['--seeds', 'many'], '--seeds must be a whole number, 0 or more, and "many" is not'],
    [['--seeds', ''], '--seeds must be a whole number, 0 or more, and "" is not'],
    [['--seeds', '-1'], expect.stringContaining('--seeds')],
    [['--seeds'], expect.stringContaining('--seeds')],
  ])('%j are refused in one sentence', (args, message) => {
    expect(() => read(...args)).toThrow(StartProblem)
    expect(() => read(...args)).toThrow(expect.objectContaining({ message }) as Error)
  })
})
