import { parseArgs } from 'node:util'
import { contestants, type Contestant } from './contestants.ts'
import { loads, type Load } from './loads.ts'

/** What a person asked for. */
export interface Options {
  readonly json: boolean
  readonly rounds: number
  readonly seconds: number
  readonly contestants: readonly Contestant[]
  readonly loads: readonly Load[]
  /** Where our router's processor profile goes. */
  readonly profileDir: string | undefined
}

/** Reads the command line; throws a sentence for a person. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '6' },
      only: { type: 'string' },
      loads: { type: 'string' },
      profile: { type: 'string' },
    },
  })
  return {
    json: values.json,
    rounds: positive('rounds', values.rounds),
    seconds: positive('seconds', values.seconds),
    contestants: chosen('only', contestants, values.only),
    loads: chosen('loads', loads, values.loads),
    profileDir: values.profile,
  }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} takes a whole number from 1`)
  return value
}

function chosen<T extends { readonly name: string }>(option: string, all: readonly T[], names: string | undefined): readonly T[] {
  if (names === undefined) return all
  return names.split(',').map((name) => {
    const found = all.find((one) => one.name === name)
    if (!found) throw new Error(`--${option} knows ${all.map((one) => one.name).join(', ')}; not ${name}`)
    return found
  })
}
