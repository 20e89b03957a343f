import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What PostgreSQL says of itself in the postmaster.pid of its folder. */
export interface PidFile {
  readonly pid: number
  readonly port: number
  /** Whether it takes connections. */
  readonly ready: boolean
}

/** Reads it: the first line is the process, the fourth the port, the eighth the state. Undefined where there is none. */
export function pidFileIn(cluster: string): PidFile | undefined {
  try {
    const lines = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number.parseInt(lines[0] ?? '', 10), port: Number(lines[3]), ready: lines[7]?.trim() === 'ready' }
  } catch {
    return undefined
  }
}
