import { parseArgs } from 'node:util'
import { StartProblem } from '../start-problem.ts'

/** What the person at the terminal asks for. */
export interface DemoOptions {
  readonly url: string | undefined
  readonly simulators: string | undefined
  readonly json: boolean
}

const usage = 'Usage: npm run demo -- [--url http://host:port] [--simulators http://host:port] [--json]'

/** Reads `npm run demo`'s arguments; `PASAR_URL` stands in for `--url`. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): DemoOptions {
  const { url, simulators, json } = parse(args)
  return { url: address('--url', url ?? (env['PASAR_URL'] || undefined)), simulators: address('--simulators', simulators), json }
}

function parse(args: readonly string[]) {
  try {
    const options = {
      url: { type: 'string' },
      simulators: { type: 'string' },
      json: { type: 'boolean', default: false },
    } as const
    return parseArgs({ args: [...args], options, strict: true }).values
  } catch (error) {
    throw new StartProblem(`${(error as Error).message}\n${usage}`)
  }
}

function address(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  if (!/^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : ''))
    throw new StartProblem(`${option} must be an address such as http://127.0.0.1:4000, and "${text}" is not.\n${usage}`)
  return text.replace(/\/+(graphql\/?)?$/, '')
}
