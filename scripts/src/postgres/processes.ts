import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, readlinkSync, realpathSync } from 'node:fs'

const onLinux = process.platform === 'linux'

/** When the process started, as an opaque text that tells it from a later process with the same number; undefined when it is gone. */
export function startedAt(pid: number): string | undefined {
  if (!onLinux) return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim() || undefined
  try {
    // The second field, the name, may hold spaces and brackets; state is the first after it, the start time the twentieth.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

/** The PostgreSQL processes that work in exactly this data folder. Every one of them has it as its current folder. */
export function serversIn(cluster: string): number[] {
  if (!existsSync(cluster)) return []
  const folder = realpathSync(cluster)
  return onLinux ? linuxServersIn(folder) : otherServersIn(folder)
}

function linuxServersIn(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && worksIn(name, folder))
    .map(Number)
}

function worksIn(pid: string, folder: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'postgres' && readlinkSync(`/proc/${pid}/cwd`) === folder
  } catch {
    return false
  }
}

/** `lsof` answers with lines `p<pid>`, `f<descriptor>`, `n<path>`. */
function otherServersIn(folder: string): number[] {
  const { stdout } = spawnSync('lsof', ['-a', '-c', 'postgres', '-d', 'cwd', '-Fpn'], { encoding: 'utf8' })
  const lines = stdout.split('\n')
  return lines.flatMap((line, at) =>
    line === `n${folder}`
      ? Number(
          lines
            .slice(0, at)
            .findLast((earlier) => earlier.startsWith('p'))
            ?.slice(1),
        )
      : [],
  )
}
