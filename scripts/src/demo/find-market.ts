import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Stop } from '@pasar/shared/bus'
import { readSettings, type Settings } from '@pasar/shared/settings'
import { root } from '../paths.ts'
import { StartProblem } from '../start-problem.ts'
import type { DemoOptions } from './options.ts'

/** A market to play in. */
export interface FoundMarket {
  readonly url: string
  readonly simulators: string
  readonly stop: Stop
}

/** The market that was named, else the one that runs at the default port, else one that is started for the story and stopped after it. */
export async function findMarket(
  { url, simulators }: DemoOptions,
  env: NodeJS.ProcessEnv,
  tell: (line: string) => void,
): Promise<FoundMarket> {
  const settings = readSettings(env)
  if (url !== undefined && !(await answers(`${url}/ready`))) throw new StartProblem(`No market answers at ${url}.`)
  const usual = `http://${settings.HOST}:${settings.PORT}`
  const running = url ?? ((await answers(`${usual}/ready`)) ? usual : undefined)
  const market = running === undefined ? await startOwn(env, tell) : { url: running, stop: async () => undefined }
  return { ...market, simulators: simulators ?? (await simulatorsOf(market.url, settings)) }
}

/** In one process the simulators answer at the router's address, in a fleet at their own port of the same machine. */
async function simulatorsOf(url: string, settings: Settings): Promise<string> {
  const beside = `http://${new URL(url).hostname}:${settings.PORT_SIMULATORS}`
  for (const base of [url, beside]) if (await answers(`${base}/simulators/midtrans`)) return base
  throw new StartProblem(`The simulators of ${url} answer neither there nor at ${beside}: name their address with --simulators.`)
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5_000) })).ok
  } catch {
    return false
  }
}

/** Starts a market as `npm start` does, on a free port. */
async function startOwn(env: NodeJS.ProcessEnv, tell: (line: string) => void): Promise<Pick<FoundMarket, 'url' | 'stop'>> {
  tell('No market is running here; starting one')
  const child = spawn(process.execPath, [join(root, 'scripts/run.mjs'), 'start'], {
    cwd: root,
    env: { ...env, PORT: '0' },
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const url = await addressOf(child)
  return {
    url,
    stop: async () => {
      const ended = once(child, 'exit')
      child.kill('SIGINT')
      await ended
    },
  }
}

/** The market says where it answers when it does. */
async function addressOf(child: ChildProcess): Promise<string> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const [, url] = /Start here\s+(https?:\S+)/.exec(line) ?? []
    if (url !== undefined) {
      child.stdout!.resume()
      return url
    }
  }
  throw new StartProblem('The market could not start; its reason is above.')
}
