import type { Domain } from '@pasar/shared/domains'
import { openPostgres, type Connection, type Postgres } from '@pasar/shared/postgres/pool'
import { StartProblem } from '../start-problem.ts'

/** A database and the domain it belongs to. */
export interface DomainDatabase {
  readonly domain: Domain
  readonly url: string
  /** The setting that has named the address; the domain's own when absent. */
  readonly variable?: string
}

/** The setting that names a domain's database. */
export const variableOf = (domain: Domain): string => `DATABASE_URL_${domain.toUpperCase()}`

/** The setting that names the way in of the role that owns the ledger, which is not its service's. */
export const ownerVariable = 'LEDGER_OWNER_URL'

const versionMin = 15
/** Any number does, as long as every Pasar process uses the same one. */
const lockNumber = 7_276_327

/** Connects, checks the version, and runs `work` while no other process migrates this database. What is wrong with the URL is said in a sentence. */
export async function withReachable<T>(
  { domain, url, variable = variableOf(domain) }: DomainDatabase,
  work: (client: Connection) => Promise<T>,
): Promise<T> {
  const target = parse(variable, url)
  const postgres = openPostgres({ url, connectionsMax: 1 })
  const { pool } = postgres
  try {
    const client = await greet(pool).catch((error: unknown) => {
      throw new StartProblem(`${variable}: ${reasonOf(error as ConnectError, target)}`)
    })
    try {
      await client.query('select pg_advisory_lock($1)', [lockNumber])
      return await work(client)
    } finally {
      client.release(true)
    }
  } finally {
    await postgres.stop()
  }
}

/** The connection stays ours: the lock goes with it, and a pool ends those that rest. */
async function greet(pool: Postgres['pool']): Promise<Connection> {
  const client = await pool.connect()
  try {
    await checkVersion(client)
  } catch (error) {
    client.release(true)
    throw error
  }
  return client
}

async function checkVersion(client: Connection): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string }>('show server_version_num')
  const version = Math.floor(Number(rows[0]?.server_version_num) / 10_000)
  if (version < versionMin) throw new Error(`PostgreSQL ${versionMin} or newer is needed, this server is version ${version}`)
}

function parse(variable: string, url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed && /^postgres(ql)?:$/.test(parsed.protocol) && parsed.pathname.length > 1) return parsed
  throw new StartProblem(
    `${variable} is not the address of a database: it should read postgresql://user:password@host:5432/database`,
  )
}

interface ConnectError {
  readonly code?: string
  readonly message: string
}

/** PostgreSQL's own messages name the user or the database, never the password; it is struck out all the same. */
function reasonOf({ code = '', message }: ConnectError, { hostname, port, password }: URL): string {
  const where = `${hostname}:${port || '5432'}`
  if (code === 'ECONNREFUSED') return `nothing listens on ${where}`
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the host ${hostname} is not known`
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || /timeout/i.test(message)) return `${where} does not answer`
  const safe = [password, decodeURIComponent(password)].reduce(
    (text, secret) => (secret ? text.replaceAll(secret, '***') : text),
    message,
  )
  return `${where} refuses: ${safe}`
}
