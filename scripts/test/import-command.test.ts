import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../src/paths.ts'
import { header, line, withFile } from './support/import-csv.ts'

const run = (name: string, args: readonly string[], env: NodeJS.ProcessEnv) =>
  spawnSync(process.execPath, [join(root, 'scripts/run.mjs'), name, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  })

describe('the commands of the terminal', () => {
  it('an import that cannot begin is one sentence and exit code 1', () => {
    const { status, stderr, stdout } = run('import', ['missing.csv'], { INIT_CWD: '/' })
    expect([status, stdout, stderr]).toEqual([1, '', '/missing.csv cannot be imported: there is no such file.\n'])
  })

  it('so is one whose database does not answer', async () => {
    const database = 'postgresql://users:secret@127.0.0.1:1/users'
    await withFile(`${header}\n${line()}\n`, async (path) => {
      const { status, stderr } = run('import', [path], { DATABASE_URL_USERS: database, DATABASE_URL_PRODUCTS: database })
      expect([status, stderr]).toEqual([1, expect.stringMatching(/^DATABASE_URL_\w+: nothing listens on 127\.0\.0\.1:1\n$/)])
    })
  })

  it('so is a proof that needs Redis, on a machine without it', () => {
    const { status, stderr } = run('prove-live', [], { PATH: '/nowhere' })
    expect([status, stderr]).toEqual([1, 'This proof needs redis-server on the PATH (Debian: apt-get install redis-server).\n'])
  })

  it('no demo market is made in production', () => {
    const { status, stderr } = run('seed', [], { NODE_ENV: 'production' })
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^The demo market .*\n$/)])
  })
})
