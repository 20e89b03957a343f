import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
}

interface Profile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** Waiting, and the profiler itself. */
const notWork = new Set(['(idle)', 'dispatch'])
const topCount = 45
const packagesCount = 15
const writtenWithinMs = 30_000
const lookEveryMs = 100
const fresh = (folder: string) => join(folder, 'profile.json')

/** What makes a Node program profile itself on a signal. */
export const profiled = (folder: string | undefined): { nodeArgs: readonly string[]; env: NodeJS.ProcessEnv } =>
  folder === undefined
    ? { nodeArgs: [], env: {} }
    : {
        nodeArgs: ['--import', fileURLToPath(new URL('../../profile-on-signal.mjs', import.meta.url))],
        env: { BENCH_PROFILE: fresh(folder) },
      }

/** Profiles a program while something goes on, and returns its busiest functions as text. The profile stays in the folder. */
export async function profileWhile<T>(
  { pid, folder, name }: { readonly pid: number; readonly folder: string; readonly name: string },
  work: () => Promise<T>,
): Promise<readonly [T, string]> {
  mkdirSync(folder, { recursive: true })
  process.kill(pid, 'SIGUSR2')
  const result = await work()
  process.kill(pid, 'SIGUSR2')
  const since = performance.now()
  while (!existsSync(fresh(folder)) && performance.now() - since < writtenWithinMs) await pause(lookEveryMs)
  // The file appears before its end is written.
  await pause(10 * lookEveryMs)
  const file = join(folder, `${name.replaceAll(' ', '-')}.cpuprofile`)
  renameSync(fresh(folder), file)
  return [result, `${name}\n${summaryOf(JSON.parse(readFileSync(file, 'utf8')) as Profile)}`]
}

/** Packages and functions by the time spent in themselves, as shares of busy time. */
function summaryOf(profile: Profile): string {
  const times = [...selfTimes(profile)]
  const busy = times.reduce((sum, [, each]) => sum + each, 0)
  const packages = new Map<string, number>()
  for (const [name, time] of times) packages.set(packageOf(name), (packages.get(packageOf(name)) ?? 0) + time)
  const lines = (all: readonly (readonly [string, number])[], count: number) =>
    all
      .toSorted(([, a], [, b]) => b - a)
      .slice(0, count)
      .map(([name, time]) => `${((100 * time) / busy).toFixed(1).padStart(5)} %  ${name}`)
  return [...lines([...packages], packagesCount), '', ...lines(times, topCount)].join('\n')
}

/** Of a name with a place: the package, the folder of ours, or `native`. */
function packageOf(name: string): string {
  const place = name.split(' ').at(-1)!
  if (place.startsWith('node:')) return 'node'
  if (!place.includes('/')) return name === '(garbage collector)' ? name : 'native'
  const parts = place.split('/')
  return place.startsWith('@') || ['router', 'subgraphs', 'scripts'].includes(parts[0]!)
    ? parts.slice(0, ours(parts)).join('/')
    : parts[0]!
}

/** `subgraphs/shared`, `router/src/execution`, `@prisma/client`. */
const ours = ([first]: readonly string[]) => (first === 'router' ? 3 : 2)

function selfTimes({ nodes, samples, timeDeltas }: Profile): Map<string, number> {
  const nameById = new Map(nodes.map((node) => [node.id, nameOf(node)]))
  const times = new Map<string, number>()
  for (const [index, id] of samples.entries()) {
    const name = nameById.get(id) ?? '?'
    if (!notWork.has(name)) times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0))
  }
  return times
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const name = functionName || '(anonymous)'
  if (url === '') return name
  const path = url
    .replace(/^.*\/node_modules\//, '')
    .replace(/^file:\/\/.*?\/(router|subgraphs|scripts|schema|bench|prisma)\//, '$1/')
  return `${name} ${path.split('?')[0]}:${lineNumber + 1}`
}
