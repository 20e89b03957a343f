import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { StartProblem } from '../start-problem.ts'

/** What `npm run import` was asked to do. */
export interface ImportCommand {
  readonly file: string
  readonly json: boolean
}

const usage = 'Name one file: npm run import -- FILE.csv (with --json for a summary that programs can read).'

/** Reads the command line. A relative path counts from where the person stands, which npm keeps in INIT_CWD. */
export function readImportCommand(args: readonly string[], env: NodeJS.ProcessEnv): ImportCommand {
  const { values, positionals } = parse(args)
  const [file, ...more] = positionals
  if (file === undefined || file === '' || more.length > 0) throw new StartProblem(usage)
  return { file: resolve(env['INIT_CWD'] ?? '', file), json: values.json ?? false }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { json: { type: 'boolean' } }, allowPositionals: true })
  } catch {
    throw new StartProblem(usage)
  }
}
