import { setTimeout as pause } from 'node:timers/promises'
import type { Cores } from '../common/cores.ts'
import { warmUpBy, type LoadResult } from '../common/load.ts'
import { runNodeLoad } from '../common/node-load.ts'
import { profileWhile } from '../common/profile.ts'
import { usageOf } from '../common/usage.ts'
import { hasWrk, runWrk } from '../common/wrk.ts'
import type { Arena, Running } from './arena.ts'
import type { Load } from './loads.ts'

/** One contestant under one load for one round. */
export interface Sample {
  readonly contestant: string
  readonly load: string
  readonly round: number
  readonly rps: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly errors: number
  readonly cpuMsPerRequest: number
  /** Share of its core that it was busy; far below 1 means that something else was the limit. */
  readonly busy: number
  readonly rssMb: number
  readonly fetchesPerRequest: number
  readonly representationsPerRequest: number
}

/** What a measurement takes. */
export interface Rounds {
  readonly arena: Arena
  readonly cores: Cores | undefined
  readonly seconds: number
  readonly say: (line: string) => void
  /** Where our router's profiles go, if they are wanted. */
  readonly profileDir?: string | undefined
}

const rssEveryMs = 500

/** Which generator is at hand. */
export const generator = (): 'wrk' | 'node' => (hasWrk() ? 'wrk' : 'node')

/** Lets requests come for a while, without counting. */
export const warmUp = (rounds: Rounds, { port }: Running, load: Load): Promise<void> =>
  warmUpBy((seconds) => send({ ...rounds, seconds }, port, load))

/** Measures one contestant under one load. */
export async function sample(rounds: Rounds, running: Running, { load, round }: { load: Load; round: number }): Promise<Sample> {
  const { arena } = rounds
  const before = usageOf(running.pid)
  await arena.traffic()
  const memory = watchMemory(running.pid)
  const result = await profiledSend(rounds, running, load)
  const rssMb = await memory.stop()
  const { requests: fetches, representations } = await arena.traffic()
  const cpuMs = usageOf(running.pid).cpuMs - before.cpuMs
  const one: Sample = {
    contestant: running.contestant.name,
    load: load.name,
    round,
    rps: result.requests / result.seconds,
    p50: result.p50,
    p95: result.p95,
    p99: result.p99,
    errors: result.errors,
    cpuMsPerRequest: cpuMs / result.requests,
    busy: cpuMs / (result.seconds * 1_000),
    rssMb,
    fetchesPerRequest: fetches / result.requests,
    representationsPerRequest: representations / result.requests,
  }
  rounds.say(`round ${round} ${load.name} ${one.contestant}: ${one.rps.toFixed(0)} rps, p99 ${one.p99.toFixed(1)} ms`)
  return one
}

/** Ours is profiled in the rounds when somebody asked for it; its figures are lower then. */
async function profiledSend(rounds: Rounds, running: Running, load: Load): Promise<LoadResult> {
  const { profileDir: folder, say } = rounds
  if (folder === undefined || running.contestant.kind !== 'ours') return send(rounds, running.port, load)
  const [result, summary] = await profileWhile(
    { pid: running.pid, folder, name: `${running.contestant.name}-${load.name}` },
    () => send(rounds, running.port, load),
  )
  say(summary)
  return result
}

function send({ arena, cores, seconds }: Rounds, port: number, load: Load): Promise<LoadResult> {
  const { bodies, sequence, authorizations, connections } = load
  const spec = { port, path: '/graphql', bodies, sequence, authorizations, connections, seconds }
  return generator() === 'wrk' ? runWrk(spec, arena.folder, cores?.others) : runNodeLoad(spec, cores?.others)
}

/** The most that was resident while it ran. */
function watchMemory(pid: number): { stop(): Promise<number> } {
  let running = true
  const look = async () => {
    let most = 0
    while (running) {
      most = Math.max(most, usageOf(pid).rssMb)
      await pause(rssEveryMs)
    }
    return Math.max(most, usageOf(pid).rssMb)
  }
  const most = look()
  return {
    stop() {
      running = false
      return most
    },
  }
}
