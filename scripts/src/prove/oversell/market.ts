import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Stop } from '@pasar/shared/events/bus'
import { systemClock, type Clock } from '@pasar/shared/clock'
import { domains, type Domain } from '@pasar/shared/domains'
import { listen } from '@pasar/shared/http/server'
import { newId } from '@pasar/shared/ids'
import { generateKeys } from '@pasar/shared/identity/keys'
import { openLog } from '@pasar/shared/log'
import { memoryBus } from '@pasar/shared/events/memory-bus'
import { openPostgres, type Postgres } from '@pasar/shared/postgres/pool'
import { readSettings } from '@pasar/shared/process/settings'
import { newSigningKey, openAccessTokens } from '@pasar/users/access-tokens'
import { openProofDatabases, type ProofDatabases } from '../databases.ts'
import { openDoor, type Door } from './door.ts'

/** A market that many buyers come to at once, each from an address of their own behind a proxy that it trusts. */
export interface SaleMarket extends Door {
  readonly url: string
  readonly clock: Clock
  readonly pools: Readonly<Record<Domain, Postgres>>
  readonly databases: ProofDatabases
  /** An access token, as signing in gives it. */
  tokenOf(account: { readonly accountId: string; readonly shopIds?: readonly string[] }): Promise<string>
  /** Runs everything that is due, until nothing is left. */
  settle(): Promise<unknown>
}

/** What every market of a proof is opened with: keys, and the databases that outlive each of them. */
export interface Ground {
  readonly keys: Readonly<Record<string, string>>
  readonly dataDir: string
  readonly databases: ProofDatabases
  stop: Stop
}

/** Databases with the demo market in them, gone afterwards. */
export async function openGround(say: (line: string) => void): Promise<Ground> {
  const databases = await openProofDatabases(systemClock, say)
  const dataDir = mkdtempSync(join(tmpdir(), 'pasar-oversell-'))
  const keys = { ...generateKeys(), ACCESS_TOKEN_KEY: newSigningKey() }
  const stop = async () => {
    await databases.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  return { keys, dataDir, databases, stop }
}

/** Opens a market on the ground; in the background it works by itself, otherwise only when it is settled. */
export async function openSaleMarket(
  ground: Ground,
  { clock, background }: { clock: Clock; background: boolean },
): Promise<SaleMarket> {
  const { keys, dataDir, databases } = ground
  const settings = readSettings({ ...keys, LOG_LEVEL: process.env['PROOF_LOG'] ?? 'silent', TRUSTED_PROXIES: '127.0.0.1' })
  const log = openLog(settings.LOG_LEVEL, 'proof')
  // The market's code needs the database clients, which may just have been made.
  const { openMarket } = await import('../../market.ts')
  const http = await listen({ host: settings.HOST, port: 0, log })
  const common = { settings, log, http, dataDir, bus: memoryBus(), clock, background, accounts: [] }
  const market = await openMarket({ ...common, databaseUrl: databases.urlFor })
  const tokens = await openAccessTokens(keys['ACCESS_TOKEN_KEY']!, clock)
  const pools = Object.fromEntries(
    domains.map((domain) => [domain, openPostgres({ url: databases.urlFor(domain), connectionsMax: 2 })]),
  ) as Record<Domain, Postgres>
  const door = openDoor(market.url)
  return {
    url: market.url,
    post: door.post,
    clock,
    pools,
    databases,
    tokenOf: async ({ accountId, shopIds = [] }) => {
      const roles = shopIds.length > 0 ? ['seller'] : []
      return (await tokens.issue({ accountId, sessionId: newId('session'), roles, shopIds })).token
    },
    settle: market.settle,
    stop: async () => {
      await door.stop()
      await market.stop()
      await Promise.all(domains.map((domain) => pools[domain].stop()))
    },
  }
}
