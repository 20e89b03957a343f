import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { MigrationList } from '@prisma/schema-engine-wasm/schema_engine_bg'
import { prismaRoot } from '../paths.ts'

/** A domain's schema and migrations; `folder` holds one folder per domain and is the checkout's `prisma` unless told otherwise. */
export interface Source {
  readonly domain: string
  readonly folder?: string
}

/** The text of a domain's schema.prisma. */
export const schemaOf = ({ domain, folder = prismaRoot }: Source): string =>
  readFileSync(join(folder, domain, 'schema.prisma'), 'utf8')

/** A domain's migration folders in the form the engine takes them, in their order. */
export function migrationsOf({ domain, folder = prismaRoot }: Source): MigrationList {
  const baseDir = join(folder, domain, 'migrations')
  const names = existsSync(baseDir) ? readdirSync(baseDir).filter((name) => existsSync(join(baseDir, name, 'migration.sql'))) : []
  return {
    baseDir,
    lockfile: { path: './migration_lock.toml', content: null },
    shadowDbInitScript: '',
    migrationDirectories: names.toSorted().map((name) => ({ path: name, migrationFile: migrationFile(join(baseDir, name)) })),
  }
}

const migrationFile = (folder: string): MigrationList['migrationDirectories'][number]['migrationFile'] => ({
  path: 'migration.sql',
  content: { tag: 'ok', value: readFileSync(join(folder, 'migration.sql'), 'utf8') },
})
