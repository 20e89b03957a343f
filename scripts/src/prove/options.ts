import { parseArgs } from 'node:util'
import { StartProblem } from '../start-problem.ts'

/** What an option is: there or not, a whole number of 0 or more, or any text. */
type Kind = 'switch' | 'number' | 'text'

type Value<K extends Kind> = K extends 'switch' ? boolean : K extends 'number' ? number | undefined : string | undefined

/** Reads a proof's command line; what it does not know, or is not such a number, is refused with what there is. */
export function readOptions<const S extends Readonly<Record<string, Kind>>>(
  kinds: S,
  args: readonly string[] = process.argv.slice(2),
): { readonly [K in keyof S]: Value<S[K]> } {
  const values = parse(kinds, args)
  const read = Object.entries(kinds).map(([name, kind]) => {
    const value = values[name]
    if (kind === 'switch') return [name, value === true]
    return [name, kind === 'number' && typeof value === 'string' ? whole(name, value) : value]
  })
  return Object.fromEntries(read) as { [K in keyof S]: Value<S[K]> }
}

function parse(kinds: Readonly<Record<string, Kind>>, args: readonly string[]): Readonly<Record<string, unknown>> {
  const options = Object.entries(kinds).map(([name, kind]) => [name, { type: kind === 'switch' ? 'boolean' : 'string' }] as const)
  try {
    return parseArgs({ args: [...args], options: Object.fromEntries(options), strict: true }).values
  } catch (error) {
    const known = Object.entries(kinds).map(([name, kind]) => (kind === 'switch' ? `--${name}` : `--${name} <${kind}>`))
    throw new StartProblem(`${(error as Error).message.split('. ')[0]}. Options: ${known.join(', ')}`)
  }
}

function whole(name: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(value) || value < 0)
    throw new StartProblem(`--${name} must be a whole number, 0 or more, and "${text}" is not`)
  return value
}
