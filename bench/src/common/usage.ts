import { readdirSync, readFileSync } from 'node:fs'

/** What a process and its children have used. */
export interface Usage {
  readonly cpuMs: number
  readonly rssMb: number
}

/** The kernel counts processor time in hundredths of a second. */
const tickMs = 10

/** Adds up a process and all that it started. */
export function usageOf(pid: number): Usage {
  const used = [pid, ...childrenOf(pid)].map(usageOfOne)
  return { cpuMs: sum(used.map((one) => one.cpuMs)), rssMb: sum(used.map((one) => one.rssMb)) }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)

/** The process that started another one. */
export const parentOf = (pid: number): number => Number(statOf(pid)[1])

function usageOfOne(pid: number): Usage {
  const fields = statOf(pid)
  const status = read(`/proc/${pid}/status`)
  const rssKb = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0)
  // Its own, in the program and in the kernel, and that of its children that have ended.
  return { cpuMs: sum([11, 12, 13, 14].map((index) => Number(fields[index] ?? 0))) * tickMs, rssMb: rssKb / 1024 }
}

function childrenOf(pid: number): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const children = new Map<number, number[]>()
  for (const each of all.map(Number)) {
    const parent = parentOf(each)
    children.set(parent, [...(children.get(parent) ?? []), each])
  }
  const below = (parent: number): number[] => (children.get(parent) ?? []).flatMap((each) => [each, ...below(each)])
  return below(pid)
}

/** What follows the process's name, which may hold blanks: state, parent, … */
const statOf = (pid: number): string[] => read(`/proc/${pid}/stat`).split(') ').at(-1)!.split(' ')

/** Processes may end while they are looked at. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
