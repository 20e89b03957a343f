import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { domains } from '@pasar/shared/domains'
import { prismaRoot } from '../paths.ts'

const messagingModels = ['OutboxEvent', 'AggregateSequence', 'InboxEvent', 'ParkedEvent', 'IdempotencyRecord']

const modelIn = (schema: string, model: string) => new RegExp(`model ${model} \\{[^}]*\\}`).exec(schema)?.[0] ?? ''

const firstMigration = join('migrations', '20261121000000_messaging', 'migration.sql')

/** The tables that carry events and idempotency are the same in all six databases: relay, inbox and commands rely on it. */
export function faultsOfMessagingTables(): string[] {
  const read = (domain: string, file: string) => readFileSync(join(prismaRoot, domain, file), 'utf8')
  const [first, ...others] = domains
  return others.flatMap((domain) => {
    const schema = read(domain, 'schema.prisma')
    const model = messagingModels.filter((name) => modelIn(schema, name) !== modelIn(read(first, 'schema.prisma'), name))
    const sql = read(domain, firstMigration) === read(first, firstMigration) ? [] : [firstMigration]
    return [...model, ...sql].map((what) => `prisma/${domain}: ${what} differs from prisma/${first}`)
  })
}
