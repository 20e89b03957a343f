import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StartProblem } from '../start-problem.ts'
import type { Account } from './account.ts'

/** The name of PostgreSQL's superuser here. */
export const superuser = 'pasar'

/** What one data folder and its server are made of. */
export interface Cluster {
  /** Holds `cluster` (PostgreSQL's own folder), passwords.json, running.json and postgres.log. */
  readonly folder: string
  /** The folder with PostgreSQL's `bin`, `lib` and `share`. */
  readonly native: string
  readonly account: Account | undefined
  /** Whether the data must survive a crash of the machine, of the server alone, or of nothing. */
  readonly mode: 'durable' | 'crashing' | 'throwaway'
}

/** PostgreSQL's own folder inside the data folder. */
export const clusterFolder = (folder: string): string => join(folder, 'cluster')

/** PostgreSQL gets nothing of our environment: PGDATA, PGPORT and their kin must not change what it does. */
export const environment = { LC_ALL: 'C', TZ: 'UTC' }

/** Makes the empty database cluster, whole or not at all: a start that dies half-way leaves nothing that looks finished. */
export function initialise(cluster: Cluster, password: string): void {
  const target = clusterFolder(cluster.folder)
  if (existsSync(target)) return checkVersion(target, cluster.native)
  const unfinished = `${target}.new`
  const passwordFile = join(cluster.folder, 'superuser.password')
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  writeFileSync(passwordFile, password, { mode: 0o600 })
  for (const path of cluster.account ? [unfinished, passwordFile] : [])
    chownSync(path, cluster.account!.uid, cluster.account!.gid)
  try {
    runInitdb(cluster, unfinished, passwordFile)
  } finally {
    rmSync(passwordFile, { force: true })
  }
  renameSync(unfinished, target)
}

/** Where connections are made by the hundred thousand, on loopback, the password is said as it is. */
const signIn = { durable: 'scram-sha-256', throwaway: 'scram-sha-256', crashing: 'password' }

function runInitdb({ native, account, mode, folder }: Cluster, target: string, passwordFile: string): void {
  const flags = [
    '-D',
    target,
    '-U',
    superuser,
    '-A',
    signIn[mode],
    '--pwfile',
    passwordFile,
    '--encoding',
    'UTF8',
    '--locale',
    'C',
  ]
  const locale = [
    '--locale-provider',
    'builtin',
    '--builtin-locale',
    'C.UTF-8',
    '--text-search-config',
    'simple',
    '--no-instructions',
  ]
  const { status, stderr, error } = spawnSync(
    join(native, 'bin', 'initdb'),
    [...flags, ...locale, ...(mode === 'durable' ? [] : ['--no-sync']), ...(mode === 'crashing' ? ['--no-data-checksums'] : [])],
    { cwd: '/', env: environment, encoding: 'utf8', ...account },
  )
  if (status === 0) return
  const reason =
    error?.message ??
    stderr
      .trim()
      .split('\n')
      .findLast((line) => line.includes('error:')) ??
    stderr.trim()
  throw new StartProblem(`PostgreSQL could not make its data folder in ${folder}: ${reason}`)
}

function checkVersion(cluster: string, native: string): void {
  const found = readFileSync(join(cluster, 'PG_VERSION'), 'utf8').trim()
  const ours = majorVersion(native)
  if (found === ours) return
  throw new StartProblem(
    `The data in ${cluster} was made by PostgreSQL ${found}, this is ${ours}: move it with that version's tools, or start over with npm run reset.`,
  )
}

function majorVersion(native: string): string {
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string }
  return version.split('.')[0] ?? version
}
