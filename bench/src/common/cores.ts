import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

/** Which cores the measured process and everything else run on; undefined where processes cannot be pinned. */
export interface Cores {
  readonly measured: string
  readonly others: string
}

/** The last core is the measured process's, all others the load's and the subgraphs'. */
export function divideCores(): Cores | undefined {
  const count = availableParallelism()
  if (count < 2 || !canPin()) return undefined
  return { measured: `${count - 1}`, others: count === 2 ? '0' : `0-${count - 2}` }
}

function canPin(): boolean {
  try {
    execFileSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** A command that runs pinned, or as it is where nothing can be pinned. */
export const pinned = (core: string | undefined, command: readonly string[]): readonly string[] =>
  core === undefined ? command : ['taskset', '-c', core, ...command]

/** Moves this process, and whatever it starts from now on, to some cores. */
export function pinSelf(core: string | undefined): void {
  if (core !== undefined) execFileSync('taskset', ['-a', '-p', '-c', core, String(process.pid)], { stdio: 'ignore' })
}

/** The machine that a figure was measured on, and how busy it was in the last minutes: beside a busy neighbour, figures are worth little. */
export const machine = () => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryMb: Math.round(totalmem() / 2 ** 20),
  node: process.version,
  loadAverage: loadavg().map((each) => Math.round(each * 10) / 10),
  platform: `${process.platform} ${process.arch}`,
})
