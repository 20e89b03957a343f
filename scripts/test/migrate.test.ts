import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { domains } from '@pasar/shared/domains'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { freshDatabase, type FreshDatabase } from '@pasar/shared/testing/database'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diffDatabase, migrateDatabase } from '../src/migrate/database.ts'

let database: FreshDatabase
let folder: string

const schema = `
datasource db {
  provider = "postgresql"
}

model Stall {
  id   String @id
  name String
  rent BigInt
}
`

const firstMigration = `
create table "Stall" (id text not null, name text not null, rent bigint not null, constraint "Stall_pkey" primary key (id));
alter table "Stall" add constraint rent_positive check (rent > 0);
create unique index one_free_stall on "Stall" (name) where rent = 1;
create index stall_name_folded on "Stall" (lower(name));
create function keep_rent() returns trigger language plpgsql as $$
begin
  if new.rent < old.rent then raise exception 'rent; never falls'; end if;
  return new;
end $$;
create trigger keep_rent before update on "Stall" for each row execute function keep_rent();
`

beforeEach(async () => {
  database = await freshDatabase('orders')
  await run('drop schema public cascade; create schema public')
  folder = mkdtempSync(join(tmpdir(), 'pasar-migrations-'))
  mkdirSync(join(folder, 'orders'))
  writeFileSync(join(folder, 'orders', 'schema.prisma'), schema)
  addMigration('0001_stalls', firstMigration)
})

afterEach(async () => {
  await database.drop()
  rmSync(folder, { recursive: true })
})

function addMigration(name: string, sql: string): void {
  mkdirSync(join(folder, 'orders', 'migrations', name), { recursive: true })
  writeFileSync(join(folder, 'orders', 'migrations', name, 'migration.sql'), sql)
}

const removeMigration = (name: string): void => rmSync(join(folder, 'orders', 'migrations', name), { recursive: true })

async function run(sql: string): Promise<unknown[]> {
  const postgres = openPostgres({ url: database.url, connectionsMax: 1 })
  try {
    return (await postgres.pool.query(sql)).rows as unknown[]
  } finally {
    await postgres.stop()
  }
}

/** How many sessions of this database wait for a lock of this kind. */
async function waitersFor(kind: string): Promise<number> {
  const waiting =
    'select 1 from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())'
  return (await run(`${waiting} and locktype = '${kind}'`)).length
}

/** The database's address with one thing changed. */
function at(change: (url: URL) => void): string {
  const url = new URL(database.url)
  change(url)
  return url.href
}

const migrate = (url = database.url) => migrateDatabase({ domain: 'orders', url, folder })

describe('migrating a database', () => {
  it('applies each migration once, in order, and records it', async () => {
    addMigration('0002_colour', 'alter table "Stall" add column colour text')
    expect(await migrate()).toEqual(['0001_stalls', '0002_colour'])
    expect(await migrate()).toEqual([])
    expect(await run('select migration_name as name from _prisma_migrations where finished_at is not null order by 1')).toEqual([
      { name: '0001_stalls' },
      { name: '0002_colour' },
    ])
  })

  it('runs functions with semicolons inside whole', async () => {
    await migrate()
    await run(`insert into "Stall" values ('a', 'batik', 5)`)
    await expect(run(`update "Stall" set rent = 4`)).rejects.toThrow('rent; never falls')
  })

  it('lets several processes migrate at the same time, and one of them does it', async () => {
    const applied = await Promise.all([migrate(), migrate(), migrate()])
    expect(applied.flat()).toEqual(['0001_stalls'])
  })

  it('does not take a migration in progress for one that a killed process left', async () => {
    await migrate()
    addMigration('0002_colour', 'alter table "Stall" add column colour text')
    const busy = openPostgres({ url: database.url, connectionsMax: 1 })
    await busy.pool.query('begin; lock table "Stall"')
    const first = migrate()
    await expect.poll(() => waitersFor('relation')).toBe(1)
    const second = migrate()
    await expect.poll(() => waitersFor('advisory')).toBe(1)
    await busy.stop()
    expect(await Promise.all([first, second])).toEqual([['0002_colour'], []])
  })

  it('leaves nothing of a migration that fails, names it, and runs its corrected file', async () => {
    addMigration('0002_wrong', 'create table half (id int); selec 1')
    await expect(migrate()).rejects.toMatchObject({
      name: 'StartProblem',
      message: 'The migration orders/0002_wrong failed: ERROR: syntax error at or near "selec"',
    })
    expect(await run(`select to_regclass('half') as half`)).toEqual([{ half: null }])
    addMigration('0002_wrong', 'create table half (id int)')
    expect(await migrate()).toEqual(['0002_wrong'])
  })

  it('goes on after a process was killed in the middle of a migration', async () => {
    await migrate()
    await run(`insert into _prisma_migrations (id, checksum, migration_name) values ('x', 'x', '0002_colour')`)
    addMigration('0002_colour', 'alter table "Stall" add column colour text')
    expect(await migrate()).toEqual(['0002_colour'])
  })

  it('goes on after a process was killed when a migration had just been committed', async () => {
    await migrate()
    addMigration('0002_colour', 'alter table "Stall" add column colour text -- and nothing else')
    await run(`create function die() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
      create trigger die before update on _prisma_migrations for each row when (new.applied_steps_count > 0) execute function die()`)
    await expect(migrate()).rejects.toMatchObject({ name: 'StartProblem' })
    expect(await run(`select colour from "Stall"`)).toEqual([])
    await run('drop trigger die on _prisma_migrations')
    addMigration('0003_width', 'alter table "Stall" add column width int')
    expect(await migrate()).toEqual(['0003_width'])
    expect(await migrate()).toEqual([])
  })

  it('refuses a database that a newer checkout has migrated, and changes nothing in it', async () => {
    addMigration('0002_colour', 'alter table "Stall" add column colour text')
    await migrate()
    removeMigration('0002_colour')
    addMigration('0003_width', 'alter table "Stall" add column width int')
    await expect(migrate()).rejects.toMatchObject({
      name: 'StartProblem',
      message: expect.stringContaining('The database of orders has the migration 0002_colour, which this checkout does not know'),
    })
    await expect(run('select width from "Stall"')).rejects.toThrow('column "width" does not exist')
    addMigration('0002_colour', 'alter table "Stall" add column colour text')
    expect(await migrate()).toEqual(['0003_width'])
  })

  it('asks nothing about a migration that failed and is not there any more', async () => {
    addMigration('0002_wrong', 'selec 1')
    await expect(migrate()).rejects.toMatchObject({ name: 'StartProblem' })
    removeMigration('0002_wrong')
    addMigration('0003_width', 'alter table "Stall" add column width int')
    expect(await migrate()).toEqual(['0003_width'])
    expect(await migrate()).toEqual([])
  })

  it('refuses a migration that was changed after it was applied', async () => {
    await migrate()
    addMigration('0001_stalls', `${firstMigration} -- later thought`)
    await expect(migrate()).rejects.toMatchObject({
      name: 'StartProblem',
      message: expect.stringContaining('orders/0001_stalls was changed'),
    })
  })
})

describe('comparing a database with its schema', () => {
  it('finds none when only checks, triggers and partial or expression indexes are added', async () => {
    await migrate()
    expect(await diffDatabase({ domain: 'orders', url: database.url, folder })).toBe('')
  })

  it('shows what a column without a model field would need', async () => {
    addMigration('0002_colour', 'alter table "Stall" add column colour text')
    await migrate()
    expect(await diffDatabase({ domain: 'orders', url: database.url, folder })).toContain('DROP COLUMN "colour"')
  })

  it.each(domains)('the migrations of %s lead to exactly its schema.prisma', async (domain) => {
    const fresh = await freshDatabase(domain)
    try {
      expect(await diffDatabase({ domain, url: fresh.url })).toBe('')
    } finally {
      await fresh.drop()
    }
  })
})

describe('a wrong database address', () => {
  it('is refused where another domain keeps its tables', async () => {
    const carts = await freshDatabase('carts')
    try {
      await expect(migrateDatabase({ domain: 'logistics', url: carts.url })).rejects.toThrow(
        'DATABASE_URL_LOGISTICS names the database of carts: each domain needs one of its own.',
      )
      expect(await migrateDatabase({ domain: 'carts', url: carts.url })).toEqual([])
    } finally {
      await carts.drop()
    }
  })

  it('of who owns the ledger is told by the name of its own setting', async () => {
    const ownerUrl = at((url) => (url.password = 'tempe-goreng'))
    const problem = migrateDatabase({ domain: 'payments', url: database.url, ownerUrl })
    await expect(problem).rejects.toThrow(/^LEDGER_OWNER_URL: .*password authentication failed/)
  })

  it.each([
    [
      'no address at all',
      () => 'nonsense',
      'DATABASE_URL_ORDERS is not the address of a database: it should read postgresql://user:password@host:5432/database',
    ],
    ['a port where nothing listens', () => at((url) => (url.port = '1')), 'DATABASE_URL_ORDERS: nothing listens on 127.0.0.1:1'],
    [
      'an unknown host',
      () => at((url) => (url.hostname = 'no-such-host.invalid')),
      'DATABASE_URL_ORDERS: the host no-such-host.invalid is not known',
    ],
    ['a wrong password', () => at((url) => (url.password = 'tempe-goreng')), 'password authentication failed for user "orders"'],
    ['an unknown database', () => at((url) => (url.pathname = '/warung')), 'database "warung" does not exist'],
    ["another domain's database", () => at((url) => (url.pathname = '/users')), 'permission denied for database "users"'],
  ])('%s is said in one sentence without the password', async (_, url, sentence) => {
    const problem = (await migrate(url()).catch((error: unknown) => error)) as Error
    expect(problem.name).toBe('StartProblem')
    expect(problem.message).toContain(sentence)
    expect(problem.message).toContain('DATABASE_URL_ORDERS')
    expect(problem.message).not.toContain('\n')
    for (const secret of ['tempe-goreng', new URL(database.url).password]) expect(problem.message).not.toContain(secret)
  })
})
