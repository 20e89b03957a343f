import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { freePort } from '@pasar/shared/http/free-port'
import { StartProblem } from '../start-problem.ts'
import { clusterFolder, environment, type Cluster } from './cluster.ts'
import { pidFileIn } from './pid-file.ts'
import { settings } from './settings.ts'

/** A running server: the port it listens on, and its way down. */
export interface Postmaster {
  readonly port: number
  readonly stop: () => Promise<void>
  /** Ends it at once, as a power cut does, and starts it again on the same port. */
  readonly crash: () => Promise<void>
}

/** Another program may take the port between our look and PostgreSQL's: then the next free one is tried. */
const attemptsMax = 3
/** Recovery after a crash replays at most max_wal_size of log; a slow disk needs a while for that. */
const readyWaitMsMax = 120_000
const stopWaitMsMax = 20_000
const reviveAfterMs = 500
const reviveAfterMsMax = 30_000
/** What a server that was killed leaves behind ends by itself within moments: so many failures are not worth a word. */
const failuresUnsaid = 2
const logBytesMax = 10_000_000

/** Where a server runs, and who is told what becomes of it. */
interface Running {
  readonly cluster: Cluster
  readonly port: number
  readonly log: string
  readonly say: (line: string) => void
}

/** Starts PostgreSQL on a free port of 127.0.0.1, waits until it takes connections, and starts it again when it ends by itself. */
export async function launch(cluster: Cluster, say: (line: string) => void, attempt = 1): Promise<Postmaster> {
  const log = join(cluster.folder, 'postgres.log')
  if (existsSync(log) && statSync(log).size > logBytesMax) renameSync(log, `${log}.1`)
  const start = existsSync(log) ? statSync(log).size : 0
  const running = { cluster, port: await freePort(), log, say }
  const child = spawnServer(running)
  if (await ready(child, cluster)) return keepUp(running, child)
  await stop(child)
  const written = readFileSync(log).subarray(start).toString('utf8')
  if (written.includes('could not bind') && attempt < attemptsMax) return launch(cluster, say, attempt + 1)
  throw new StartProblem(`PostgreSQL did not start: ${lastComplaint(written)} (its log is ${log})`)
}

/** Starts a server again that ends though nobody here has ended it. */
function keepUp(running: Running, first: ChildProcess): Postmaster {
  let child = first
  let isExpected = false
  let stopping = false
  const watch = () =>
    child.once('exit', (code, signal) => {
      if (stopping || isExpected) return
      running.say(`PostgreSQL ended (${signal ?? code}); starting it again`)
      void revive()
    })
  const revive = async () => {
    const isBack = await startAgain(running, { isWanted: () => !stopping, began: (next) => (child = next) })
    if (!isBack) return
    running.say('PostgreSQL is back')
    watch()
  }
  watch()
  return {
    port: running.port,
    stop: async () => {
      stopping = true
      await stop(child)
    },
    crash: async () => {
      isExpected = true
      child.ref()
      child.kill('SIGQUIT')
      await endOf(child, stopWaitMsMax)
      child = spawnServer(running)
      if (!(await ready(child, running.cluster))) throw new StartProblem('PostgreSQL did not come back after a crash')
      isExpected = false
      watch()
    },
  }
}

interface Again {
  /** Whether it should still come back. */
  readonly isWanted: () => boolean
  readonly began: (child: ChildProcess) => void
}

/** Tries as often as it takes: the processes of a server that was killed hold its memory until each has noticed. */
async function startAgain(running: Running, { isWanted, began }: Again): Promise<boolean> {
  const { cluster, log, say } = running
  for (let failed = 0; ; failed += 1) {
    await pause(Math.min(reviveAfterMs * 2 ** failed, reviveAfterMsMax))
    if (!isWanted()) return false
    try {
      const child = spawnServer(running)
      began(child)
      // Recovery may take long on a slow disk: there is never a second one beside one that lives.
      while (!hasEnded(child)) if (await ready(child, cluster)) return true
    } catch (error) {
      say(`PostgreSQL cannot be started: ${(error as Error).message}`)
    }
    if (failed >= failuresUnsaid && isWanted())
      say(`PostgreSQL does not come back: ${lastComplaint(readFileSync(log, 'utf8'))} (its log is ${log})`)
  }
}

/** In a session of its own, so that Ctrl-C in the terminal reaches us alone and requests in flight keep their database. */
function spawnServer({ cluster: { native, folder, account, mode }, port, log }: Running): ChildProcess {
  const output = openSync(log, 'a', 0o600)
  try {
    const child = spawn(join(native, 'bin', 'postgres'), ['-D', clusterFolder(folder), ...settings({ port, mode })], {
      cwd: '/',
      env: environment,
      detached: true,
      stdio: ['ignore', output, output],
      ...account,
    })
    child.on('error', () => undefined)
    child.unref()
    return child
  } finally {
    closeSync(output)
  }
}

async function ready(child: ChildProcess, { folder }: Cluster): Promise<boolean> {
  for (let waited = 0; waited < readyWaitMsMax; waited += 10) {
    if (hasEnded(child)) return false
    const server = pidFileIn(clusterFolder(folder))
    if (server?.pid === child.pid && server?.ready) return true
    await pause(10)
  }
  return false
}

const hasEnded = (child: ChildProcess) => child.pid === undefined || child.exitCode !== null || child.signalCode !== null

/** SIGINT is PostgreSQL's fast shutdown: sessions end, everything is written. The harder signals are for a server that hangs. */
async function stop(child: ChildProcess): Promise<void> {
  child.ref()
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (hasEnded(child)) return
    child.kill(signal)
    await endOf(child, stopWaitMsMax)
  }
}

function endOf(child: ChildProcess, waitMsMax: number): Promise<void> {
  if (hasEnded(child)) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, waitMsMax)
    child.once('exit', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

function lastComplaint(log: string): string {
  const lines = log.trim().split('\n')
  return lines.findLast((line) => /FATAL|PANIC|error/.test(line)) ?? lines.at(-1) ?? 'it gave no reason'
}
