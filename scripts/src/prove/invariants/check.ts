import type { Stop } from '@pasar/shared/bus'
import { domains, type Domain } from '@pasar/shared/domains'
import { openPostgres, type Postgres } from '@pasar/shared/postgres'
import { contradictions } from './across.ts'
import type { Broken, Check } from './broken.ts'
import { factQueries, type Facts } from './facts.ts'
import { ledgerChecks } from './ledger.ts'
import { messageChecks } from './messages.ts'
import { orderChecks } from './orders.ts'
import { stockChecks } from './stock.ts'

/** What clients were told, to be found again; see I7. */
export interface Acknowledged {
  readonly checkoutIds?: readonly string[]
  readonly paidCheckoutIds?: readonly string[]
}

/** Looks for broken invariants in the six databases of a market. */
export interface Invariants {
  /** True in every snapshot, also in the middle of things. */
  anytime(): Promise<readonly Broken[]>
  /** True when nothing is due any more. */
  settled(acknowledged?: Acknowledged): Promise<readonly Broken[]>
  stop: Stop
}

const checks: readonly Check[] = [...ledgerChecks, ...stockChecks, ...messageChecks, ...orderChecks]

const snapshot = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'

/** Opens the checker on the databases of a market; it only reads. */
export function openInvariants(urlFor: (domain: Domain) => string): Invariants {
  const pools = Object.fromEntries(
    domains.map((domain) => [domain, openPostgres({ url: urlFor(domain), connectionsMax: 1 })]),
  ) as Record<Domain, Postgres>
  const ask = async (which: (check: Check) => boolean) =>
    (
      await Promise.all(
        domains.map((domain) =>
          askDatabase(
            pools[domain],
            checks.filter((one) => one.domain === domain && which(one)),
          ),
        ),
      )
    ).flat()
  return {
    anytime: () => ask(({ when }) => when === 'anytime'),
    settled: async (acknowledged = {}) => {
      const facts = await gather(pools)
      return [...(await ask(() => true)), ...contradictions(facts), ...missing(facts, acknowledged)]
    },
    stop: async () => void (await Promise.all(domains.map((domain) => pools[domain].stop()))),
  }
}

/** All checks of one database on one snapshot of it. */
async function askDatabase({ pool }: Postgres, own: readonly Check[]): Promise<Broken[]> {
  const client = await pool.connect()
  try {
    await client.query(snapshot)
    const broken: Broken[] = []
    for (const { invariant, sql } of own) {
      const { rows } = await client.query<{ what: string }>(sql)
      broken.push(...rows.map(({ what }) => ({ invariant, what })))
    }
    await client.query('COMMIT')
    client.release()
    return broken
  } catch (error) {
    client.release(true)
    throw error
  }
}

async function gather(pools: Readonly<Record<Domain, Postgres>>): Promise<Facts> {
  const entries = Object.entries(factQueries).map(async ([name, { domain, sql }]) => [
    name,
    (await pools[domain].pool.query(sql)).rows,
  ])
  return Object.fromEntries(await Promise.all(entries)) as Facts
}

/** What clients were told and nobody remembers. */
function missing({ checkouts, payments }: Facts, { checkoutIds = [], paidCheckoutIds = [] }: Acknowledged): Broken[] {
  const known = new Set(checkouts.map(({ id }) => id))
  const captured = new Set(payments.filter(({ isCaptured }) => isCaptured).map(({ checkoutId }) => checkoutId))
  return [
    ...checkoutIds
      .filter((id) => !known.has(id))
      .map((id) => ({ invariant: 'I7' as const, what: `checkout ${id} was answered and is gone` })),
    ...paidCheckoutIds
      .filter((id) => !captured.has(id))
      .map((id) => ({ invariant: 'I7' as const, what: `checkout ${id} was paid and no capture is known` })),
  ]
}
