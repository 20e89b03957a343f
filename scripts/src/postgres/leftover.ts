import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { StartProblem } from '../start-problem.ts'
import { clusterFolder } from './cluster.ts'
import { pidFileIn } from './pid-file.ts'
import { serversIn } from './processes.ts'

const waitMsMax = 10_000

/** Ends what a killed market left of PostgreSQL in this folder, and only there. Returns whether a server was still running. */
export async function stopLeftover(folder: string): Promise<boolean> {
  const cluster = clusterFolder(folder)
  const found = serversIn(cluster)
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    signalAll(recipients(serversIn(cluster), cluster), signal)
    if (await gone(cluster)) break
  }
  if (serversIn(cluster).length > 0)
    throw new StartProblem(
      `A PostgreSQL of an earlier start still works in ${folder} and does not end: end it, then start again.`,
    )
  // With no server in the folder the file is stale, whatever process has that number now; PostgreSQL would believe it.
  rmSync(join(cluster, 'postmaster.pid'), { force: true })
  return found.length > 0
}

/** The postmaster ends its own children in good order; without one, each child is told. */
function recipients(servers: readonly number[], cluster: string): readonly number[] {
  const postmaster = servers.find((pid) => pid === pidFileIn(cluster)?.pid)
  return postmaster === undefined ? servers : [postmaster]
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

async function gone(cluster: string): Promise<boolean> {
  for (let waited = 0; waited < waitMsMax; waited += 20) {
    if (serversIn(cluster).length === 0) return true
    await pause(20)
  }
  return false
}
