import { setTimeout as pause } from 'node:timers/promises'
import { domains } from '@pasar/shared/domains'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { StartProblem } from '../start-problem.ts'
import { holderOf } from './claim.ts'
import { clusterFolder } from './cluster.ts'
import { dataLocation } from './location.ts'
import { passwordsIn } from './passwords.ts'
import { pidFileIn } from './pid-file.ts'
import { serversIn } from './processes.ts'
import { urlsOf, type ServerUrls } from './urls.ts'

/** A first start makes six databases before it can be joined. */
const waitMsMax = 60_000

/** The ways into the server of the market that runs from this folder, or undefined when none runs. One that is starting is waited for. */
export async function findRunning(dataDir: string): Promise<ServerUrls | undefined> {
  const { folder } = dataLocation(dataDir)
  for (let waited = 0; waited < waitMsMax; waited += 50) {
    if (holderOf(folder) === undefined) return undefined
    const urls = await urlsWhenReady(folder)
    if (urls) return urls
    await pause(50)
  }
  throw new StartProblem(`The market that runs from this folder (process ${holderOf(folder)}) does not open its database.`)
}

/** The file stays behind when a server is killed: only one that works in the folder counts. */
async function urlsWhenReady(folder: string): Promise<ServerUrls | undefined> {
  const cluster = clusterFolder(folder)
  const server = pidFileIn(cluster)
  if (!server?.ready || !serversIn(cluster).includes(server.pid)) return undefined
  const urls = urlsOf(server.port, passwordsIn(folder))
  return (await lastDatabaseOpens(urls)) ? urls : undefined
}

/** Databases are made one after the other. */
async function lastDatabaseOpens({ urlFor }: ServerUrls): Promise<boolean> {
  const postgres = openPostgres({ url: urlFor(domains.at(-1)!), connectionsMax: 1 })
  try {
    await postgres.pool.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await postgres.stop()
  }
}
