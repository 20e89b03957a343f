import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { StartProblem } from '../start-problem.ts'

/** The system account that PostgreSQL runs as; undefined means the account of this process. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/** PostgreSQL refuses to run as root. For root this finds another account: the one that owns the data already, else a harmless one. */
export function serverAccount(cluster: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const owner = statSync(cluster, { throwIfNoEntry: false })
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid }
  return lookUp('postgres') ?? lookUp('_postgres') ?? lookUp('nobody') ?? create('pasar')
}

/** Whether the account may enter the folder, that is, every folder on the way to it. */
export const canEnter = (folder: string, account: Account): boolean =>
  spawnSync('/bin/sh', ['-c', 'cd "$0"', folder], { cwd: '/', ...account }).status === 0

function lookUp(name: string): Account | undefined {
  const [uid, gid] = ['-u', '-g'].map((flag) => Number.parseInt(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout, 10))
  return uid && gid ? { uid, gid } : undefined
}

function create(name: string): Account {
  spawnSync('useradd', ['--system', '--no-create-home', '--shell', '/bin/false', name])
  const account = lookUp(name)
  if (account) return account
  throw new StartProblem(
    'PostgreSQL does not run as root and this system has no other account for it: start Pasar as an ordinary user.',
  )
}
