import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { domains } from '@pasar/shared/domains'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { migrateDatabase } from '../src/migrate/database.ts'
import { dataFolder, defaultDataDir } from '../src/paths.ts'
import { serverAccount } from '../src/postgres/account.ts'
import { clusterFolder } from '../src/postgres/cluster.ts'
import { dataLocation, systemFolder } from '../src/postgres/location.ts'
import { joinMarketDatabases, openedBeside, openMarketDatabases } from '../src/postgres/market-databases.ts'
import { serversIn } from '../src/postgres/processes.ts'
import { makeReachable } from '../src/postgres/programs.ts'
import { resetData } from '../src/postgres/reset.ts'
import { startPostgres, type EmbeddedPostgres } from '../src/postgres/server.ts'

let prepared: string
let checkout: string
let dataDir: string
let said: string[]
let toEnd: (() => unknown)[]

function makeCheckout(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pasar-checkout-'))
  // PostgreSQL's account must reach the data when the tests run as root.
  chmodSync(folder, 0o755)
  return folder
}

/** A market's data after its first start. Only a machine without power would tell whether the disk was waited for. */
beforeAll(async () => {
  prepared = join(makeCheckout(), '.data')
  const made = await startPostgres({ dataDir: prepared, say: () => undefined })
  await made.stop()
  appendFileSync(join(clusterFolder(dataLocation(prepared).folder), 'postgresql.auto.conf'), 'fsync = off\n')
})

afterAll(async () => {
  await resetData(prepared)
  rmSync(dirname(prepared), { recursive: true, force: true })
})

beforeEach(() => {
  checkout = makeCheckout()
  dataDir = join(checkout, '.data')
  said = []
  toEnd = []
})

afterEach(async () => {
  for (const end of toEnd.toReversed()) await end()
  await resetData(dataDir)
  rmSync(checkout, { recursive: true, force: true })
})

/** This checkout had its first start already. */
function startedBefore(): void {
  const { folder } = dataLocation(dataDir)
  makeReachable(dirname(folder))
  execFileSync('cp', ['-a', dataLocation(prepared).folder, folder])
}

async function start(mode: 'durable' | 'throwaway' | 'crashing' = 'durable'): Promise<EmbeddedPostgres> {
  const server = await startPostgres({ dataDir, mode, say: (line) => said.push(line) })
  toEnd.push(server.stop)
  return server
}

/** Another process that runs a market from this checkout, once its database is up. */
async function startElsewhere(): Promise<ChildProcess> {
  const program = fileURLToPath(new URL('./fixtures/hold-postgres.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', program, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  toEnd.push(() => child.kill('SIGKILL'))
  await once(createInterface({ input: child.stdout }), 'line')
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const postgres = openPostgres({ url, connectionsMax: 1 })
  try {
    return (await postgres.pool.query(sql)).rows as unknown[]
  } finally {
    await postgres.stop()
  }
}

/** A domain's database on the server that all tests share. */
const shared = (domain: string) => inject('postgresRoleUrls')[domain] ?? ''

const cluster = () => clusterFolder(dataLocation(dataDir).folder)
const pidFile = () => join(cluster(), 'postmaster.pid')
const postmaster = () => Number.parseInt(readFileSync(pidFile(), 'utf8'), 10)

describe('the embedded PostgreSQL', () => {
  it.each(domains)('gives %s its own database and entry to no other', async (domain) => {
    expect(await query(shared(domain), 'select current_user::text as role, current_database()::text as database')).toEqual([
      { role: domain, database: domain },
    ])
    const others = [...domains.filter((other) => other !== domain), 'postgres', 'template1']
    for (const other of others) {
      await expect(query(shared(domain).replace(/[^/]+$/, other), 'select 1')).rejects.toThrow('permission denied for database')
    }
  })

  it('lets the ledger’s service own nothing of its database, and every other one all of its own', async () => {
    for (const domain of domains) {
      const owners = `select distinct pg_get_userbyid(relowner)::text as owner from pg_class where relnamespace = 'public'::regnamespace
        union select pg_get_userbyid(datdba)::text from pg_database where datname = current_database()`
      const template = shared(domain).replace(/[^/]+$/, `template_${domain}`)
      expect(await query(template, owners)).toEqual([{ owner: domain === 'payments' ? 'payments_owner' : domain }])
    }
  })

  it('gives a domain no right over the server', async () => {
    const rights =
      'select rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls as more from pg_roles where rolname = current_user'
    expect(await query(shared('orders'), rights)).toEqual([{ more: false }])
  })

  it('lets a domain make the trigram search it needs', async () => {
    await query(shared('logistics'), 'create extension pg_trgm')
    expect(await query(shared('logistics'), `select similarity('batik', 'batik') as alike`)).toEqual([{ alike: 1 }])
  })

  it('listens on this machine only and wants a password', async () => {
    expect(await query(inject('postgresUrl'), 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
    await expect(query(shared('orders').replace(/:[^:@]+@/, ':guess@'), 'select 1')).rejects.toThrow(
      'password authentication failed',
    )
  })

  it('keeps its data and its passwords, which only the owner may read, from one start to the next', async () => {
    startedBefore()
    const first = await start()
    await query(first.urlFor('orders'), 'create table kept (id int)')
    expect(serversIn(cluster())).not.toEqual([])
    await first.stop()
    expect(serversIn(cluster())).toEqual([])
    const second = await start()
    await query(second.urlFor('orders'), 'select * from kept')
    expect(statSync(join(dataLocation(dataDir).folder, 'passwords.json')).mode & 0o777).toBe(0o600)
  })

  it('writes no row into its log that it refuses, for it may be somebody’s', async () => {
    startedBefore()
    const { urlFor } = await start()
    await query(urlFor('orders'), 'create table buyer (name text, age int check (age > 0))')
    await expect(query(urlFor('orders'), `insert into buyer select 'Kena' || 'ri', -1`)).rejects.toThrow(
      'violates check constraint',
    )
    const log = readFileSync(join(dataLocation(dataDir).folder, 'postgres.log'), 'utf8')
    expect(log).toContain('violates check constraint')
    expect(log).not.toContain('Kenari')
  })

  it('takes the ledger from its service where that owned it before, with all that is in it', async () => {
    startedBefore()
    const first = await start()
    await query(first.adminUrl.replace(/[^/]+$/, 'payments'), 'alter database payments owner to payments')
    await migrateDatabase({ domain: 'payments', url: first.urlFor('payments') })
    const open = (id: string) =>
      `insert into account (id, kind, normal_side, may_be_negative, currency, opened_at) values ('${id}', 'ESCROW', 'CREDIT', false, 'IDR', now())`
    await query(first.urlFor('payments'), open('before'))
    await first.stop()
    const second = await start()
    const url = second.urlFor('payments')
    expect(await migrateDatabase({ domain: 'payments', url, ownerUrl: second.ownerUrlFor('payments') })).toEqual([])
    await query(url, open('after'))
    expect(await query(url, 'select id from account order by id')).toEqual([{ id: 'after' }, { id: 'before' }])
    for (const statement of ['update posting set amount = 2', 'delete from journal', 'alter table posting disable trigger all'])
      await expect(query(url, statement)).rejects.toThrow(/permission denied|must be owner/)
    await expect(migrateDatabase({ domain: 'payments', url })).rejects.toThrow('LEDGER_OWNER_URL must be its way in')
  })

  it('leaves nothing behind when it was only thrown away, and clears away what killed ones left', async () => {
    const abandoned = mkdtempSync(join(tmpdir(), 'pasar-throwaway-'))
    writeFileSync(join(abandoned, 'running.json'), JSON.stringify({ pid: process.pid, startedAt: 'another time' }))
    utimesSync(abandoned, 0, 0)
    const server = await start('throwaway')
    const [row] = await query(server.adminUrl, 'show data_directory')
    const folder = dirname((row as { data_directory: string }).data_directory)
    expect([existsSync(folder), existsSync(abandoned)]).toEqual([true, false])
    await server.stop()
    expect(existsSync(folder)).toBe(false)
  })

  it('lies on a disk where it is to wait for one', async () => {
    const server = await startPostgres({ dataDir, mode: 'throwaway', waitsForDisk: true, say: () => undefined })
    toEnd.push(server.stop)
    const [row] = await query(server.adminUrl, 'show data_directory')
    expect((row as { data_directory: string }).data_directory).not.toContain('/dev/shm')
  })
})

describe('after kill -9', () => {
  beforeEach(startedBefore)

  it('ends the server that was left running, this one and no other, and goes on with its data', async () => {
    const child = await startElsewhere()
    const left = postmaster()
    await kill(child)
    const server = await start()
    expect(postmaster()).not.toBe(left)
    expect(said).toEqual(['An earlier start left its PostgreSQL running; it has been stopped.'])
    await query(server.urlFor('orders'), 'select 1')
    await query(inject('postgresUrl'), 'select 1')
  })

  it('starts when PostgreSQL was killed too and its number now belongs to another process', async () => {
    const child = await startElsewhere()
    const left = postmaster()
    await kill(child)
    process.kill(left, 'SIGKILL')
    await expect.poll(() => serversIn(cluster())).toEqual([])
    const other = spawn('sleep', ['600'], { cwd: '/', stdio: 'ignore', ...serverAccount(cluster()) })
    toEnd.push(() => other.kill())
    writeFileSync(pidFile(), readFileSync(pidFile(), 'utf8').replace(/^\d+/, String(other.pid)))
    const server = await start()
    await query(server.urlFor('orders'), 'select 1')
    expect(other.exitCode ?? other.signalCode).toBeNull()
  })
})

describe('a server that somebody else ends', () => {
  beforeEach(startedBefore)

  it('is started again where it was, and says so', async () => {
    const server = await start()
    process.kill(postmaster(), 'SIGKILL')
    const asked = () => query(server.urlFor('orders'), 'select 1 as one').catch(() => 'away')
    await expect.poll(asked, { timeout: 20_000 }).toEqual([{ one: 1 }])
    await expect.poll(() => said).toEqual(['PostgreSQL ended (SIGKILL); starting it again', 'PostgreSQL is back'])
    await server.stop()
    expect(serversIn(cluster())).toEqual([])
  })
})

describe('a server that is ended on purpose', () => {
  it('has what was committed before, and nobody of before is at anything', async () => {
    const server = await start('crashing')
    const url = server.urlFor('orders')
    await query(url, 'create table kept (id int)')
    const postgres = openPostgres({ url, connectionsMax: 2 })
    toEnd.push(postgres.stop)
    const [busy, bystander] = [await postgres.pool.connect(), await postgres.pool.connect()]
    await busy.query('insert into kept values (1)')
    await busy.query('begin; insert into kept values (2)')
    for (const client of [busy, bystander]) client.on('error', () => undefined)
    await server.crash()
    for (const client of [busy, bystander]) {
      await expect(client.query('select 1')).rejects.toThrow()
      client.release(true)
    }
    expect(await query(url, 'select id from kept')).toEqual([{ id: 1 }])
    expect(await query(url, 'select count(*)::int as others from pg_stat_activity where datname is not null')).toEqual([
      { others: 1 },
    ])
  })
})

describe('what a person can mend', () => {
  it('a second start from the same folder is refused and harms nothing', async () => {
    startedBefore()
    const { urlFor } = await start()
    await expect(start()).rejects.toMatchObject({
      name: 'StartProblem',
      message: expect.stringContaining(`already runs from this folder (process ${process.pid}`),
    })
    await query(urlFor('orders'), 'select 1')
    await expect(resetData(dataDir)).rejects.toMatchObject({ name: 'StartProblem' })
  })

  it('clients that cannot be made leave no server behind that was started meanwhile', async () => {
    startedBefore()
    const opening = openMarketDatabases({}, { dataDir, say: (line) => said.push(line) })
    toEnd.push(() => opening.then(({ stop }) => stop()))
    await expect(openedBeside(opening, Promise.reject(new Error('no clients')))).rejects.toThrow('no clients')
    await opening
    expect(serversIn(cluster())).toEqual([])
  })

  it('a folder that cannot be written is named', async () => {
    writeFileSync(join(checkout, 'file'), '')
    await expect(startPostgres({ dataDir: join(checkout, 'file', '.data'), say: () => undefined })).rejects.toMatchObject({
      name: 'StartProblem',
      message: expect.stringContaining(join(checkout, 'file')),
    })
  })

  it('data without its passwords, or of another major version, is left alone; starting over helps', async () => {
    startedBefore()
    const { folder } = dataLocation(dataDir)
    writeFileSync(join(cluster(), 'PG_VERSION'), '17\n')
    await expect(start()).rejects.toMatchObject({ name: 'StartProblem', message: expect.stringContaining('PostgreSQL 17') })
    rmSync(join(folder, 'passwords.json'))
    await expect(start()).rejects.toMatchObject({ name: 'StartProblem', message: expect.stringContaining('npm run reset') })
    // In a clone that only root may enter, the programs' copy in a place of the system goes too.
    expect(await resetData(dataDir)).toContain(dataDir)
    mkdirSync(join(folder, 'cluster.new', 'left by a start that was killed'), { recursive: true })
    await start()
  })
})

describe('starting over', () => {
  it('leaves alone what somebody else put into the folder', async () => {
    startedBefore()
    const own = join(dataDir, 'catatan.txt')
    writeFileSync(own, 'bukan milik pasar')
    expect(await resetData(dataDir)).toContain(dataDir)
    expect(readdirSync(dataDir)).toEqual(['catatan.txt'])
  })

  it('begins in the folder that DATA_DIR names, in the checkout or by its whole path', () => {
    expect(dataFolder({ DATA_DIR: '.data' })).toBe(defaultDataDir)
    expect(dataFolder({ DATA_DIR: dataDir })).toBe(dataDir)
  })
})

describe.runIf(process.getuid?.() === 0)('for root', () => {
  it('works in a private home, with the data in a place of the system that reset finds', async () => {
    chmodSync(checkout, 0o700)
    const server = await start()
    await query(server.urlFor('orders'), 'select 1')
    expect(dataLocation(dataDir).folder).toBe(join(systemFolder(dataDir), 'postgres'))
    expect(said).toHaveLength(1)
    await server.stop()
    expect(await resetData(dataDir)).toEqual([systemFolder(dataDir)])
    expect(existsSync(systemFolder(dataDir))).toBe(false)
  })
})

describe('a command beside a running market', () => {
  const joinIt = () => joinMarketDatabases({}, { needed: ['users', 'products'], dataDir, say: (line) => said.push(line) })

  it('uses its server and leaves it running', async () => {
    startedBefore()
    const child = await startElsewhere()
    const databases = await joinIt()
    await query(databases.urlFor('users'), 'create table beside (id int)')
    await databases.stop()
    await query((await joinIt()).urlFor('users'), 'select * from beside')
    expect(child.exitCode).toBeNull()
    await kill(child)
  })

  it('starts the server where no market runs, also after one was killed, and stops it again', async () => {
    startedBefore()
    await kill(await startElsewhere())
    const databases = await joinIt()
    toEnd.push(databases.stop)
    await query(databases.urlFor('products'), 'select 1')
    await databases.stop()
    expect(serversIn(cluster())).toEqual([])
  })

  it('starts none where the environment names all databases it needs', async () => {
    const env = { DATABASE_URL_USERS: shared('users'), DATABASE_URL_PRODUCTS: shared('products') }
    const databases = await joinMarketDatabases(env, { needed: ['users', 'products'], dataDir, say: (line) => said.push(line) })
    expect([databases.urlFor('users'), databases.urlFor('products')]).toEqual([shared('users'), shared('products')])
    expect(existsSync(dataDir)).toBe(false)
  })
})
