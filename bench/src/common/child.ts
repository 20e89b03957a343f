import { spawn, type ChildProcess } from 'node:child_process'
import { createWriteStream, readFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** A process to start. */
export interface Start {
  readonly command: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly cwd?: string
  /** What it says goes here. */
  readonly logFile: string
}

/** A process that was started. */
export interface Child {
  readonly pid: number
  /** Ends it: asked first, forced after a while. */
  stop(): Promise<void>
}

const endsWithinMs = 5_000
const readyWithinMs = 60_000
const lookEveryMs = 100

/** Starts a process. */
export function startChild({ command, env, cwd, logFile }: Start): Child & { readonly process: ChildProcess } {
  const log = createWriteStream(logFile)
  const child = spawn(command[0]!, command.slice(1), {
    env,
    ...(cwd !== undefined && { cwd }),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  child.stdout!.pipe(log)
  child.stderr!.pipe(log)
  // An error is told by whoever waits for the process to answer.
  child.on('error', (error) => log.write(String(error)))
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    child.kill('SIGTERM')
    const forced = setTimeout(() => child.kill('SIGKILL'), endsWithinMs)
    await ended
    clearTimeout(forced)
  }
  return { pid: child.pid ?? 0, process: child, stop }
}

/** Resolves when the process answers a GraphQL request; rejects with what it said when it ends or stays silent. */
export async function untilAnswers(name: string, url: string, { process, logFile }: { process: ChildProcess; logFile: string }) {
  const since = performance.now()
  while (performance.now() - since < readyWithinMs && process.exitCode === null) {
    if (await answers(url)) return
    await pause(lookEveryMs)
  }
  throw new Error(`${name} does not answer:\n${readFileSync(logFile, 'utf8').slice(-3_000)}`)
}

async function answers(url: string): Promise<boolean> {
  try {
    const body = JSON.stringify({ query: '{ __typename }' })
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    return (await response.text()).includes('__typename') && response.ok
  } catch {
    return false
  }
}

/** A port that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
