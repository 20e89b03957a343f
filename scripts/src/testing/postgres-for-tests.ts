import { ownerRoleOf } from '@pasar/shared/postgres/database-roles'
import { domains, type Domain } from '@pasar/shared/domains'
import { openPostgres } from '@pasar/shared/postgres/pool'
import type { TestProject } from 'vitest/node'
import { generateClients } from '../generate/clients.ts'
import { migrateDatabase } from '../migrate/database.ts'
import { defaultDataDir } from '../paths.ts'
import { startPostgres, type EmbeddedPostgres } from '../postgres/server.ts'
import { onDatabase } from '../postgres/urls.ts'

let server: EmbeddedPostgres | undefined

/**
 * Before the first test: one throwaway server with a migrated template database per domain.
 *
 * @public
 */
export async function setup(project: TestProject): Promise<void> {
  const [started] = await Promise.all([
    startPostgres({ dataDir: defaultDataDir, mode: 'throwaway', say: console.log }),
    generateClients(),
  ])
  server = started
  try {
    await makeTemplates(started)
  } catch (error) {
    await started.stop()
    throw error
  }
  project.provide('postgresUrl', started.adminUrl)
  project.provide('postgresRoleUrls', Object.fromEntries(domains.map((domain) => [domain, started.urlFor(domain)])))
}

/**
 * After the last test.
 *
 * @public
 */
export async function teardown(): Promise<void> {
  await server?.stop()
}

/** The role that owns its tables migrates its template, as in a real market. */
async function makeTemplates({ adminUrl, urlFor, ownerUrlFor }: EmbeddedPostgres): Promise<void> {
  const admin = openPostgres({ url: adminUrl, connectionsMax: 1 })
  try {
    for (const domain of domains) await admin.pool.query(`create database "template_${domain}" owner "${ownerRoleOf(domain)}"`)
    const ways = (domain: Domain) => ({
      url: onTemplate(urlFor(domain), domain),
      ownerUrl: onTemplate(ownerUrlFor(domain), domain),
    })
    await Promise.all(domains.map((domain) => migrateDatabase({ domain, ...ways(domain) })))
  } finally {
    await admin.stop()
  }
}

const onTemplate = (url: string, domain: Domain) => onDatabase(url, `template_${domain}`)
