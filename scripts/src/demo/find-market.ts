import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import type { Stop } from '@pasar/shared/events/bus'
import { hostAndPort } from '@pasar/shared/http/host-and-port'
import { readSettings, type Settings } from '@pasar/shared/process/settings'
import { askedToStop } from '@pasar/shared/process/shutdown'
import { dataFolder, root } from '../paths.ts'
import { holderOf } from '../postgres/claim.ts'
import { dataLocation } from '../postgres/location.ts'
import { StartProblem } from '../start-problem.ts'
import type { DemoOptions } from './options.ts'

/** A market to play in. */
export interface FoundMarket {
  readonly url: string
  readonly simulators: string
  /** Aborted when somebody has interrupted the story, and with it the market that was started for it. */
  readonly stopping?: AbortSignal
  readonly stop: Stop
}

/** A market that starts for the first time makes six databases before it opens. */
const openingMsMax = 120_000

const addressIn = ({ HOST, PORT }: Settings) => `http://${hostAndPort(HOST, PORT)}`

/** What plays the story in the market at this address: at the usual one it looks by itself. */
export const demoCommand = (url: string): string =>
  url === addressIn(readSettings({})) ? 'npm run demo' : `npm run demo -- --url ${url}`

/** The market that was named, else the one that runs from this folder, else one that is started for the story and stopped after it. */
export async function findMarket(
  { url, simulators }: DemoOptions,
  env: NodeJS.ProcessEnv,
  tell: (line: string) => void,
): Promise<FoundMarket> {
  const settings = readSettings(env)
  if (url !== undefined && (await stateAt(url)) !== 'open') throw new StartProblem(`No market answers at ${url}.`)
  const running = url ?? (await findUsual(settings, tell))
  const market = running === undefined ? await startOwn(env, tell) : { url: running, stop: async () => undefined }
  return { ...market, simulators: simulators ?? (await simulatorsOf(market.url, settings)) }
}

/** The market at the address of the settings; one that runs from this folder and is not open yet is waited for. */
async function findUsual(settings: Settings, tell: (line: string) => void): Promise<string | undefined> {
  const usual = addressIn(settings)
  const { folder } = dataLocation(dataFolder(settings))
  const until = performance.now() + openingMsMax
  for (let said = false; ; await pause(100)) {
    const state = await stateAt(usual)
    if (state === 'open') return usual
    const holder = holderOf(folder)
    if (holder === undefined) return undefined
    // A market listens before it opens: whoever holds the folder and does not listen here does so elsewhere.
    if (state === undefined || performance.now() > until)
      throw new StartProblem(
        `A market runs from this folder (process ${holder}) and does not answer at ${usual}: name its address with --url.`,
      )
    if (!said) tell('The market of this folder is opening; waiting for it')
    said = true
  }
}

/** What a market says at /ready: whether it is, or, while nothing is mounted yet, the error that it answers everywhere. */
interface Readiness {
  readonly status?: unknown
  readonly errors?: unknown
}

/** Whether a market that answers here lets anybody in; undefined where nobody answers, or another program does. */
async function stateAt(url: string): Promise<'open' | 'opening' | undefined> {
  const answer = await asked(`${url}/ready`)
  const { status, errors }: Readiness = ((await answer?.json().catch(() => undefined)) as Readiness | null | undefined) ?? {}
  if (answer?.status === 200 && status === 'ready') return 'open'
  return answer?.status === 503 && (status === 'not ready' || Array.isArray(errors)) ? 'opening' : undefined
}

/** In one process the simulators answer at the router's address, in a fleet at their own port of the same machine. */
async function simulatorsOf(url: string, settings: Settings): Promise<string> {
  const beside = `http://${new URL(url).hostname}:${settings.PORT_SIMULATORS}`
  for (const base of [url, beside]) if (await answers(`${base}/simulators/midtrans`)) return base
  throw new StartProblem(`The simulators of ${url} answer neither there nor at ${beside}: name their address with --simulators.`)
}

/** A market that is opening may be busy for seconds. */
const asked = (url: string) => fetch(url, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined)

const answers = async (url: string): Promise<boolean> => (await asked(url))?.ok ?? false

/** As shells say that a command was interrupted. */
const stoppedExitCode = 130

/** Starts a market as `npm start` does, on a free port. Whoever is asked to stop takes it along. */
async function startOwn(env: NodeJS.ProcessEnv, tell: (line: string) => void): Promise<Omit<FoundMarket, 'simulators'>> {
  const stopping = askedToStop(stoppedExitCode)
  tell('No market is running here; starting one')
  const child = spawn(process.execPath, [join(root, 'scripts/run.mjs'), 'start'], {
    cwd: root,
    env: { ...env, PORT: '0' },
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stop = stopOf(child)
  stopping.addEventListener('abort', () => void stop().then(() => process.exit(stoppedExitCode)))
  const url = await addressOf(child)
  // Whoever has interrupted it waits for its end.
  if (url === undefined && stopping.aborted) await new Promise<never>(() => undefined)
  if (url === undefined) throw new StartProblem('The market could not start; its reason is above.')
  return { url, stopping, stop }
}

/** Asks it once, however often it is called: whom a market hears asking again ends it at once. */
function stopOf(child: ChildProcess): Stop {
  const ended = once(child, 'exit')
  let asked = false
  return async () => {
    if (!asked) child.kill('SIGINT')
    asked = true
    await ended
  }
}

/** The market says where it answers when it does; undefined where it ends before. */
async function addressOf(child: ChildProcess): Promise<string | undefined> {
  for await (const line of createInterface({ input: child.stdout! })) {
    const [, url] = /Start here\s+(https?:\S+)/.exec(line) ?? []
    if (url !== undefined) {
      child.stdout!.resume()
      return url
    }
  }
  return undefined
}
