import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from 'redis'
import { freePort } from '../http/free-port.ts'

/** A Redis server of a test's own. */
export interface TestRedis {
  readonly url: string
  /** Ends the server at once, as a crash would. */
  kill(): Promise<void>
  /** Lets it stand still, as a machine does that is lost without a word, or go on. */
  freeze(frozen: boolean): void
  stop(): Promise<void>
}

/** Whether this machine has a Redis server. */
export const findsRedis = (): boolean => spawnSync('redis-server', ['--version']).status === 0

/** The same, for tests. Where CI is set its absence is a failure, elsewhere tests that need it say so and are skipped. */
export function redisInstalled(): boolean {
  const found = findsRedis()
  if (!found && process.env['CI'] === 'true') throw new Error('redis-server is not installed, and in CI nothing may be left out')
  if (!found) process.stderr.write('redis-server is not installed: tests on Redis are skipped\n')
  return found
}

/** Starts a real Redis on a free port of the loopback address; stop it in afterAll. */
export async function startRedis(port?: number, options: readonly string[] = []): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'pasar-redis-'))
  const at = port ?? (await freePort())
  const server = spawn(
    'redis-server',
    ['--port', String(at), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no', ...options],
    { stdio: 'ignore' },
  )
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const url = `redis://127.0.0.1:${at}`
  const client = createClient({
    url,
    socket: { reconnectStrategy: (retries) => (retries > 200 ? new Error('redis did not start') : 25) },
  })
  client.on('error', () => undefined)
  await client.connect()
  await client.close()
  const kill = async () => {
    server.kill('SIGKILL')
    await ended
  }
  return {
    url,
    kill,
    freeze: (frozen) => void server.kill(frozen ? 'SIGSTOP' : 'SIGCONT'),
    stop: async () => {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
