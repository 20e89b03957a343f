import { rmSync } from 'node:fs'
import { writingTo } from '../start-problem.ts'
import { serverAccount } from './account.ts'
import { claim } from './claim.ts'
import { clusterFolder, initialise, type Cluster } from './cluster.ts'
import { createDatabases } from './databases.ts'
import { stopLeftover } from './leftover.ts'
import { dataLocation } from './location.ts'
import { passwordsIn, type Passwords } from './passwords.ts'
import { launch, type Postmaster } from './postmaster.ts'
import { makeReachable, runnablePrograms } from './programs.ts'
import { makeThrowaway, sweepThrowaways } from './throwaway.ts'
import { urlsOf, type ServerUrls } from './urls.ts'

/** How to start a server. */
export interface PostgresOptions {
  /** The folder of the checkout that keeps the market's data. */
  readonly dataDir: string
  /**
   * `durable` keeps its data; `throwaway` lies in memory or in a temporary folder, does not wait for the disk, and leaves nothing behind; `crashing` is a
   * throwaway server that may be ended at once and has all commits when it comes back.
   */
  readonly mode?: Cluster['mode']
  /** Whether a throwaway server waits for the disk like one that keeps its data: what is measured of it then holds of a market's. */
  readonly waitsForDisk?: boolean
  readonly say: (line: string) => void
}

/** A running server with one database and one role per domain. */
export interface EmbeddedPostgres extends ServerUrls {
  /** Waits until everything is on disk and every process has ended. */
  readonly stop: () => Promise<void>
  /** Ends it at once, as a power cut does, and starts it again where it was. */
  readonly crash: () => Promise<void>
}

/** Starts the PostgreSQL that comes with the checkout. What a person can mend is thrown as a StartProblem. */
export const startPostgres = (options: PostgresOptions): Promise<EmbeddedPostgres> =>
  options.mode === undefined || options.mode === 'durable' ? startDurable(options) : startThrowaway(options, options.mode)

const startDurable = ({ dataDir, say }: PostgresOptions): Promise<EmbeddedPostgres> =>
  writingTo(dataDir, () => {
    const { folder, why } = dataLocation(dataDir)
    if (why !== undefined) say(why)
    return start({ folder, dataDir, mode: 'durable', say })
  })

async function startThrowaway(
  { dataDir, waitsForDisk = false, say }: PostgresOptions,
  mode: Cluster['mode'],
): Promise<EmbeddedPostgres> {
  await sweepThrowaways()
  const folder = makeThrowaway({ onDisk: waitsForDisk })
  const discard = () => rmSync(folder, { recursive: true, force: true })
  try {
    const server = await writingTo(folder, () => start({ folder, dataDir, mode: waitsForDisk ? 'durable' : mode, say }))
    return { ...server, stop: () => server.stop().then(discard) }
  } catch (error) {
    discard()
    throw error
  }
}

interface Place {
  readonly folder: string
  readonly dataDir: string
  readonly mode: Cluster['mode']
  readonly say: (line: string) => void
}

async function start({ folder, dataDir, mode, say }: Place): Promise<EmbeddedPostgres> {
  makeReachable(folder)
  const release = claim(folder)
  try {
    const account = serverAccount(clusterFolder(folder))
    const cluster: Cluster = { folder, mode, account, native: runnablePrograms(dataDir, account) }
    if (await stopLeftover(folder)) say('An earlier start left its PostgreSQL running; it has been stopped.')
    const passwords = passwordsIn(folder)
    initialise(cluster, passwords.superuser)
    return await serve(await launch(cluster, say), { passwords, release })
  } catch (error) {
    release()
    throw error
  }
}

interface Kept {
  readonly passwords: Passwords
  readonly release: () => void
}

async function serve(postmaster: Postmaster, { passwords, release }: Kept): Promise<EmbeddedPostgres> {
  const urls = urlsOf(postmaster.port, passwords)
  try {
    await createDatabases(urls.adminUrl, passwords)
  } catch (error) {
    await postmaster.stop()
    throw error
  }
  return { ...urls, stop: () => postmaster.stop().finally(release), crash: postmaster.crash }
}
