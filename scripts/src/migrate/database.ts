import { domains, type Domain } from '@pasar/shared/domains'
import type { Connection } from '@pasar/shared/postgres/pool'
import { StartProblem } from '../start-problem.ts'
import { withEngine, type Engine } from './engine.ts'
import { grantToService } from './grants.ts'
import { migrationsOf, schemaOf } from './migrations.ts'
import { ownerVariable, variableOf, withReachable } from './reach.ts'

/** One domain's database, and the folder of its schema when that is not the checkout's. */
export interface MigrateOptions {
  readonly domain: Domain
  /** The service's way in. */
  readonly url: string
  /** The way in of the role that owns the tables, where that is not the service's. */
  readonly ownerUrl?: string
  readonly folder?: string
}

/** A domain's first migration that no other one has. */
const firstOwnOf = (domain: Domain) => `20261121000100_${domain}`

/** Everything in the database counts. */
const filters = { externalTables: [], externalEnums: [] }

/**
 * Brings the database up to date with the domain's migrations and returns the names of those it applied. Each file runs in one
 * transaction, with the note that it is done, so what a killed process left unfinished is simply run again.
 */
export async function migrateDatabase(options: MigrateOptions): Promise<readonly string[]> {
  const { domain, url, ownerUrl = url } = options
  const variable = ownerUrl === url ? variableOf(domain) : ownerVariable
  return withReachable({ domain, url: ownerUrl, variable }, async (client) => {
    await refuseForeign(client, options, variable)
    const applied = await applyMigrations({ ...options, url: ownerUrl })
    if (ownerUrl !== url) await grantToService(ownerUrl, url)
    return applied
  })
}

/** All domains have some migrations in common, so that two of them would share one database for a while, and take each other's events. */
async function refuseForeign(client: Connection, options: MigrateOptions, variable: string): Promise<void> {
  const others = new Map(domains.filter((domain) => domain !== options.domain).map((domain) => [firstOwnOf(domain), domain]))
  const { rows } = await client.query<{ there: boolean }>(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS there`)
  if (!rows[0]!.there) return
  const history = 'SELECT migration_name AS name FROM _prisma_migrations WHERE migration_name = ANY($1)'
  const [foreign] = (
    await client.query<{ name: string }>(history, [[...others.keys()]]).catch((error: Error) => {
      throw failure(options.domain, error)
    })
  ).rows
  if (foreign)
    throw new StartProblem(`${variable} names the database of ${others.get(foreign.name)}: each domain needs one of its own.`)
}

const applyMigrations = (options: MigrateOptions): Promise<readonly string[]> =>
  withEngine({ url: options.url, schema: schemaOf(options) }, async (engine) => {
    const migrationsList = migrationsOf(options)
    try {
      await settleHistory(engine, options)
      return (await engine.applyMigrations({ migrationsList, filters })).appliedMigrationNames
    } catch (error) {
      throw failure(options.domain, error as Error)
    }
  })

/** The SQL that would make the database equal to schema.prisma; empty when it is. Checks, triggers and partial or expression indexes do not count. */
export const diffDatabase = (options: MigrateOptions): Promise<string> =>
  withReachable(options, () =>
    withEngine({ url: options.url, schema: schemaOf(options) }, async (engine) => {
      const files = [{ path: 'schema.prisma', content: schemaOf(options) }]
      const { stdout } = await engine.diff({
        from: { tag: 'schemaDatasource', files, configDir: '' },
        to: { tag: 'schemaDatamodel', files },
        script: true,
        exitCode: null,
        filters,
      })
      const sql = stdout?.trim() ?? ''
      return sql === '-- This is an empty migration.' ? '' : sql
    }),
  )

async function settleHistory(engine: Engine, options: MigrateOptions): Promise<void> {
  const { editedMigrationNames, failedMigrationNames, history } = await engine.diagnoseMigrationHistory({
    migrationsList: migrationsOf(options),
    optInToShadowDatabase: false,
    filters,
  })
  for (const migrationName of failedMigrationNames) await engine.markMigrationRolledBack({ migrationName })
  const ahead = history && 'unpersistedMigrationNames' in history ? history.unpersistedMigrationNames : []
  const [unknown] = ahead.filter((name) => !failedMigrationNames.includes(name))
  if (unknown !== undefined)
    throw new StartProblem(
      `The database of ${options.domain} has the migration ${unknown}, which this checkout does not know: go on with the newer Pasar that made it, or start over with npm run reset.`,
    )
  const [edited] = editedMigrationNames.filter((name) => !failedMigrationNames.includes(name))
  if (edited === undefined) return
  throw new StartProblem(
    `The migration ${options.domain}/${edited} was changed after this database applied it: put the file back and write a new migration, or start over with npm run reset.`,
  )
}

function failure(domain: Domain, problem: Error): StartProblem {
  if (problem instanceof StartProblem) return problem
  const { message } = problem
  if (/permission denied for table _prisma_migrations/.test(message))
    return new StartProblem(`${variableOf(domain)}: the tables belong to another role; ${ownerVariable} must be its way in.`)
  const name = /migration_name="([^"]+)"/.exec(message)?.[1]
  const reason = /Error querying the database: (.*)/.exec(message)?.[1] ?? message.split('\n').find((line) => line.trim() !== '')
  return new StartProblem(`The migration ${domain}/${name ?? '(unknown)'} failed: ${reason}`)
}
