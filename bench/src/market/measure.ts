import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild, type Child } from '../common/child.ts'
import { pinned, type Cores } from '../common/cores.ts'
import type { LoadResult } from '../common/load.ts'
import { runNodeLoad } from '../common/node-load.ts'
import { profileWhile, profiled } from '../common/profile.ts'
import { usageOf } from '../common/usage.ts'
import { hasWrk, runWrk } from '../common/wrk.ts'
import type { Counts, OpenMessage } from './market-process.ts'
import type { MarketOperation } from './operations.ts'

/** A server in a process of its own. */
export interface Server extends Child {
  readonly port: number
  readonly profileDir: string | undefined
  ask(message: object): Promise<unknown>
}

/** What starting one takes. */
export interface ServerOptions {
  readonly folder: string
  readonly cores: Cores | undefined
  /** Where its profiles go, if they are wanted. */
  readonly profileDir?: string | undefined
}

/** Starts `bare-process` or `market-process`, on the core that is measured. */
export async function startServer(
  name: 'bare-process' | 'market-process',
  message: OpenMessage | { readonly url: string },
  { folder, cores, profileDir }: ServerOptions,
): Promise<Server> {
  mkdirSync(folder, { recursive: true })
  const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  const logFile = join(folder, `${name}.log`)
  const { nodeArgs, env } = profiled(profileDir)
  const child = startChild({
    command: pinned(cores?.measured, [process.execPath, ...nodeArgs, file('../../run-file.mjs'), file(`${name}.ts`)]),
    env: { ...process.env, NODE_ENV: 'production', ...env },
    logFile,
  })
  const ask = (question: object) =>
    new Promise<unknown>((resolve, reject) => {
      const ended = () => reject(new Error(`${name} ended:\n${readFileSync(logFile, 'utf8').slice(-3_000)}`))
      child.process.once('exit', ended)
      child.process.once('message', (answer) => {
        child.process.off('exit', ended)
        resolve(answer)
      })
      child.process.send(question)
    })
  const { port } = (await ask(message)) as { port: number }
  return { pid: child.pid, stop: child.stop, port, profileDir, ask }
}

/** One server under one load. */
export interface MarketSample {
  readonly operation: string
  readonly round: number
  readonly requests: number
  readonly rps: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly errors: number
  readonly cpuMsPerRequest: number
  readonly rssMb: number
}

/** How loads are run. */
export interface Loading {
  readonly folder: string
  readonly cores: Cores | undefined
  readonly connections: number
  readonly seconds: number
  readonly say: (line: string) => void
}

/** Runs one load against one server and says what it took of its core. */
export async function sampleServer(
  loading: Loading,
  { port, pid, profileDir }: Server,
  { name, bodies, path, round }: Pick<MarketOperation, 'name' | 'bodies'> & { readonly path: string; readonly round: number },
): Promise<MarketSample> {
  const { folder, cores, connections, seconds } = loading
  const before = usageOf(pid)
  const spec = { port, path, bodies, authorizations: [''], connections, seconds }
  const send = () => (hasWrk() ? runWrk(spec, folder, cores?.others) : runNodeLoad(spec, cores?.others))
  const profiledSend = async () => {
    const [loaded, summary] = await profileWhile({ pid, folder: profileDir!, name }, send)
    loading.say(summary)
    return loaded
  }
  const result: LoadResult = await (profileDir === undefined || round === 0 ? send() : profiledSend())
  const after = usageOf(pid)
  return {
    operation: name,
    round,
    requests: result.requests,
    rps: result.requests / result.seconds,
    p50: result.p50,
    p95: result.p95,
    p99: result.p99,
    errors: result.errors,
    cpuMsPerRequest: (after.cpuMs - before.cpuMs) / result.requests,
    rssMb: after.rssMb,
  }
}

/** What one operation costs: when nobody has asked it with these variables before, and again. */
export interface OperationCost extends Counts {
  readonly operation: string
  readonly again: Counts
  readonly responseBytes: number
}

/** Asks an operation of a market that counts, and whether its answer holds what it should, both times the same. */
export async function costOf(market: Server, { name, bodies, holds }: MarketOperation): Promise<OperationCost> {
  await askMarket(market.port, bodies[0]!)
  await market.ask({})
  const text = await askMarket(market.port, bodies[1]!)
  const { data, errors } = JSON.parse(text) as { data?: Record<string, unknown>; errors?: unknown }
  if (errors !== undefined || data === undefined || !holds(data))
    throw new Error(`${name} is answered wrongly: ${text.slice(0, 500)}`)
  const first = (await market.ask({})) as Counts
  if ((await askMarket(market.port, bodies[1]!)) !== text) throw new Error(`${name} is answered otherwise the second time`)
  return { operation: name, ...first, again: (await market.ask({})) as Counts, responseBytes: text.length }
}

async function askMarket(port: number, body: string): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
  return response.text()
}
