import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LoadKind } from './loads.ts'

/** A subgraph that answers. */
export interface PlacedSubgraph {
  readonly name: string
  readonly url: string
  readonly sdl: string
}

/** What starting a contestant takes. */
export interface Place {
  readonly supergraphFile: string
  readonly subgraphs: readonly PlacedSubgraph[]
  /** The client's header that subgraphs get. */
  readonly forward: string
  readonly port: number
  /** A folder of its own. */
  readonly folder: string
  /** Arguments of Node for a profile; only ours uses them. */
  readonly nodeArgs: readonly string[]
}

/** How a contestant is started. */
export interface Started {
  readonly command: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  readonly cwd?: string
}

/** Someone who answers the same operations. */
export interface Contestant {
  readonly name: string
  readonly about: string
  readonly kind: 'ours' | 'node' | 'native' | 'limit'
  /** Kinds of loads that it takes part in. */
  readonly loads: readonly LoadKind[]
  /** Known to answer wrongly at times: then it does not count, but the command does not fail for it. */
  readonly mayDiffer?: true
  start(place: Place): Started
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const benchRoot = here('../..')
const require = createRequire(import.meta.url)
/** How the bench itself is run. */
const tsx = [process.execPath, here('../../run-file.mjs')]
const hiveBinary = () => join(benchRoot, 'node_modules/.bin/hive-gateway')

const hive = (env: NodeJS.ProcessEnv, args: readonly string[] = []) => ({
  start: ({ supergraphFile, port, folder, forward }: Place): Started => {
    // Its command looks for its configuration's imports from where the file lies.
    const config = here('contestants/hive.config.mjs')
    const own = ['--host', '127.0.0.1', '--port', String(port), '--config-path', config]
    return {
      command: [process.execPath, hiveBinary(), 'supergraph', supergraphFile, ...own, ...args],
      env: { LOG_LEVEL: 'error', FORWARD: forward, ...env },
      cwd: folder,
    }
  },
})

const ours = (env: NodeJS.ProcessEnv) => ({
  start: ({ supergraphFile, port, nodeArgs }: Place): Started => ({
    command: [process.execPath, ...nodeArgs, here('../../../scripts/run.mjs'), 'router-standalone'],
    env: { SUPERGRAPH: supergraphFile, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'warn', ...env },
  }),
})

/** Its cache for entities and for answers to root fields, in memory. */
const grafbaseCache = '[entity_caching]\nenabled = true\nttl = "60s"\nstorage = "memory"\n'

const grafbase = (more: string) => ({ start: (place: Place) => startGrafbase(place, more) })

function startGrafbase({ subgraphs, port, folder, forward }: Place, more: string): Started {
  mkdirSync(folder, { recursive: true })
  for (const { name, sdl } of subgraphs) writeFileSync(join(folder, `${name}.graphql`), sdl)
  const subgraph = ({ name, url }: PlacedSubgraph) => `[subgraphs.${name}]\nurl = "${url}"\nschema_path = "${name}.graphql"\n`
  const headers = `[[headers]]\nrule = "forward"\nname = "${forward}"\n`
  const config = join(folder, 'grafbase.toml')
  writeFileSync(config, [...subgraphs.map(subgraph), headers, more].join('\n'))
  const binary = join(dirname(require.resolve('@grafbase/cli-x86_64-unknown-linux-musl/package.json')), 'grafbase')
  return {
    command: [binary, 'dev', '--config', config, '--listen-address', `127.0.0.1:${port}`],
    cwd: folder,
    env: { RUST_LOG: 'error' },
  }
}

/** Everyone, ours first. */
export const contestants: readonly Contestant[] = [
  {
    name: 'ours',
    about: 'npm run router:standalone, its safety on',
    kind: 'ours',
    loads: ['viewers', 'identical', 'storefront'],
    ...ours({}),
  },
  {
    name: 'ours-cached',
    about: 'the same with its entity cache on (ROUTER_CACHE=on)',
    kind: 'ours',
    loads: ['storefront'],
    ...ours({ ROUTER_CACHE: 'on' }),
  },
  {
    name: 'vanilla',
    about: '@apollo/gateway 2.14.4 behind @apollo/server 5.5.1',
    kind: 'node',
    loads: ['viewers', 'identical'],
    start: ({ supergraphFile, port, forward }) => ({
      command: [...tsx, here('contestants/apollo-gateway.ts')],
      env: { SUPERGRAPH: supergraphFile, PORT: String(port), FORWARD: forward },
    }),
  },
  {
    name: 'hive',
    about: '@graphql-hive/gateway 2.15.1 as it comes',
    kind: 'node',
    loads: ['viewers'],
    ...hive({}),
  },
  {
    name: 'hive-rust',
    about: '@graphql-hive/gateway 2.15.1 with its planner in Rust (@graphql-hive/router-runtime 1.4.23)',
    kind: 'node',
    loads: ['viewers'],
    ...hive({ HIVE_PLANNER: 'rust' }),
  },
  {
    name: 'hive-jit-shared',
    about: 'Hive Gateway with --jit and both of its de-duplications',
    kind: 'node',
    loads: ['identical'],
    ...hive({ HIVE_SHARE: 'inbound' }, ['--jit']),
  },
  {
    name: 'hive-rust-shared',
    about: 'Hive Gateway with its planner in Rust and both of its de-duplications',
    kind: 'node',
    loads: ['identical', 'storefront'],
    ...hive({ HIVE_PLANNER: 'rust', HIVE_SHARE: 'inbound' }),
  },
  {
    name: 'grafbase',
    about: 'grafbase 0.103.0, a native gateway in Rust',
    kind: 'native',
    loads: ['viewers', 'identical', 'storefront'],
    ...grafbase(''),
  },
  {
    name: 'grafbase-cached',
    about: 'grafbase 0.103.0 with its entity cache on, in memory, for 60 s',
    kind: 'native',
    loads: ['storefront'],
    mayDiffer: true,
    ...grafbase(grafbaseCache),
  },
  {
    name: 'merged',
    about: 'the same graph as one @apollo/server 5.5.1 without federation',
    kind: 'limit',
    loads: ['viewers'],
    start: ({ supergraphFile, port }) => ({
      command: [...tsx, here('contestants/merged.ts')],
      env: { SUPERGRAPH: supergraphFile, PORT: String(port) },
    }),
  },
]
