import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, startChild, untilAnswers, type Child } from '../common/child.ts'
import { pinned, type Cores } from '../common/cores.ts'
import { profiled } from '../common/profile.ts'
import type { Contestant } from './contestants.ts'
import { composeSupergraph } from './subgraphs/compose.ts'
import { sdlOf, subgraphNames, type SubgraphName } from './subgraphs/names.ts'

/** A contestant that answers. */
export interface Running extends Child {
  readonly contestant: Contestant
  readonly port: number
}

/** What subgraphs were asked since the last look. */
export interface SubgraphTraffic {
  readonly requests: number
  readonly representations: number
  readonly bytes: number
  readonly authorizations: readonly string[]
}

/** The subgraphs, and a place to start contestants in front of them. */
export interface Arena {
  readonly folder: string
  start(contestant: Contestant): Promise<Running>
  traffic(): Promise<SubgraphTraffic>
  stop(): Promise<void>
}

interface Announced {
  readonly urls: Readonly<Record<SubgraphName, string>>
  readonly control: number
}

/** How an arena is opened. */
export interface ArenaOptions {
  readonly cores: Cores | undefined
  /** Where our router's profile goes, when one is wanted. */
  readonly profileDir?: string | undefined
}

/** Starts the subgraphs. */
export async function openArena({ cores, profileDir }: ArenaOptions): Promise<Arena> {
  const folder = mkdtempSync(join(tmpdir(), 'pasar-bench-'))
  const env = { ...process.env, NODE_ENV: 'production' }
  const file = (path: string) => fileURLToPath(new URL(path, import.meta.url))
  const subgraphs = startChild({
    command: pinned(cores?.others, [process.execPath, file('../../run-file.mjs'), file('subgraphs/serve.ts')]),
    env,
    logFile: join(folder, 'subgraphs.log'),
  })
  const { urls, control } = await announced(subgraphs.process)
  const supergraphFile = join(folder, 'supergraph.graphql')
  writeFileSync(supergraphFile, composeSupergraph(urls))
  const placed = subgraphNames.map((name) => ({ name, url: urls[name], sdl: sdlOf(name) }))
  const running: Running[] = []
  return {
    folder,
    async start(contestant) {
      const port = await freePort()
      const own = join(folder, contestant.name)
      mkdirSync(own)
      const { nodeArgs, env: profileEnv } = profiled(profileDir)
      const how = contestant.start({ supergraphFile, subgraphs: placed, forward: 'authorization', port, folder: own, nodeArgs })
      const logFile = join(own, 'log')
      const child = startChild({
        ...how,
        command: pinned(cores?.measured, how.command),
        env: { ...env, ...profileEnv, ...how.env },
        logFile,
      })
      const one: Running = { contestant, port, pid: child.pid, stop: child.stop }
      running.push(one)
      await untilAnswers(contestant.name, `http://127.0.0.1:${port}/graphql`, { process: child.process, logFile })
      return one
    },
    traffic: async () => (await (await fetch(`http://127.0.0.1:${control}`)).json()) as SubgraphTraffic,
    async stop() {
      await Promise.all(running.map((one) => one.stop()))
      await subgraphs.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const announced = (child: ReturnType<typeof startChild>['process']) =>
  new Promise<Announced>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Announced))
    child.once('exit', () => reject(new Error('The subgraphs did not start')))
  })
