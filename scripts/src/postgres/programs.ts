import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { StartProblem } from '../start-problem.ts'
import type { Account } from './account.ts'
import { completeLinks, installedBinaries, obstacle } from './binaries.ts'
import { systemFolder } from './location.ts'

/** PostgreSQL's programs where the server's account can run them: in node_modules, else a copy in a place of the system. */
export function runnablePrograms(dataDir: string, account: Account | undefined): string {
  const installed = installedBinaries()
  completeLinks(installed)
  const reason = obstacle(installed, account)
  if (reason === undefined) return installed
  if (!account) throw new StartProblem(`PostgreSQL's programs in ${installed} do not run on this system: ${reason}`)
  const copy = copyPackage(dirname(installed), systemFolder(dataDir))
  const stillThere = obstacle(copy, account)
  if (stillThere !== undefined)
    throw new StartProblem(`PostgreSQL's programs do not run as another account than root: ${stillThere}`)
  return copy
}

/** A finished copy has its final name; a copy that was interrupted is made again. */
function copyPackage(from: string, place: string): string {
  const { version } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as { version: string }
  const target = join(place, `postgresql-${version}`)
  if (!existsSync(target)) {
    const unfinished = `${target}.${process.pid}`
    makeReachable(place)
    cpSync(from, unfinished, { recursive: true, verbatimSymlinks: true })
    openToAll(unfinished)
    renameSync(unfinished, target)
  }
  return join(target, 'native')
}

/** Makes the folder with its missing parents so that every account may enter them, whatever our umask is. */
export function makeReachable(folder: string): void {
  const first = mkdirSync(folder, { recursive: true })
  if (first === undefined) return
  for (let made = folder; made.length >= first.length; made = dirname(made)) chmodSync(made, 0o755)
}

function openToAll(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) openToAll(path)
    else if (entry.isFile()) chmodSync(path, dirname(path).endsWith('bin') ? 0o755 : 0o644)
  }
}
