import type { Stop } from '@pasar/shared/events/bus'
import { domains, type Domain } from '@pasar/shared/domains'
import { openPostgres, type Postgres } from '@pasar/shared/postgres/pool'
import { contradictions } from './across.ts'
import type { Broken, Check } from './broken.ts'
import { contradictionsOfCopy, copies } from './copies.ts'
import { factQueries, type Facts } from './facts.ts'
import { bookChecks, ledgerChecks } from './ledger.ts'
import { look } from './look.ts'
import { messageChecks } from './messages.ts'
import { orderChecks } from './orders.ts'
import { contradictionsOfBookings, contradictionsOfPayouts, contradictionsOutside, type Outside } from './outside.ts'
import { ratingChecks } from './ratings.ts'
import { soldCounts, stockChecks } from './stock.ts'
import { allDue } from './waiting.ts'

/** What clients were told, to be found again; see I7. */
export interface Acknowledged {
  readonly checkoutIds?: readonly string[]
  readonly paidCheckoutIds?: readonly string[]
}

/** Looks for broken invariants in the six databases of a market. */
export interface Invariants {
  /** True in every snapshot, also in the middle of things; of the ledger's books alone. */
  books(): Promise<readonly Broken[]>
  /** The same of everything in these databases. */
  anytime(of?: readonly Domain[]): Promise<readonly Broken[]>
  /** True a minute after the last process was back: every saga is at its end. */
  healed(): Promise<readonly Broken[]>
  /** True when nothing is due any more. */
  settled(acknowledged?: Acknowledged): Promise<readonly Broken[]>
}

/** Every question that is asked of one database alone. */
export const checks: readonly Check[] = [...ledgerChecks, ...stockChecks, ...ratingChecks, ...messageChecks, ...orderChecks]

type Pools = Readonly<Record<Domain, Postgres>>

/** Opens the checker on the databases of a market; it only reads. */
export function openInvariants(urlFor: (domain: Domain) => string): Invariants & { readonly stop: Stop } {
  const pools = Object.fromEntries(
    domains.map((domain) => [domain, openPostgres({ url: urlFor(domain), connectionsMax: 1 })]),
  ) as Record<Domain, Postgres>
  return {
    ...invariantsOver(pools),
    stop: async () => void (await Promise.all(domains.map((domain) => pools[domain].stop()))),
  }
}

/** The checker over connections that are there already; with what the world outside knows, also over that. */
export function invariantsOver(pools: Pools, outside?: Outside): Invariants {
  const ask = async (when: keyof typeof looks, of: readonly Domain[] = domains) =>
    (await Promise.all(of.map((domain) => look<Broken>(pools[domain], looks[when][domain])))).flat()
  return {
    books: () => look<Broken>(pools.payments, books),
    anytime: (of) => ask('anytime', of),
    healed: () => ask('healed', ['orders']),
    settled: async (acknowledged = {}) => {
      const facts = await gather(pools)
      return [
        ...(await ask('settled')),
        ...contradictions(facts),
        ...missing(facts, acknowledged),
        ...(await unheard(pools)),
        ...(outside ? contradictionsOutside(facts.refunds, outside.paidBack()) : []),
        ...(outside ? contradictionsOfPayouts(facts.withdrawals, outside.paidOut()) : []),
        ...(outside ? contradictionsOfBookings(facts.shipments, outside.booked()) : []),
        ...(outside ? await leftUndone(pools, outside) : []),
        ...(outside ? await miscounted(pools) : []),
      ]
    },
  }
}

/** Several checks of a database in one statement: one snapshot, and planned once for each connection. */
const lookFor = (name: string, asked: readonly Check[]) => ({
  name,
  text: asked
    .map(({ invariant, sql }) => `SELECT '${invariant}' AS invariant, what FROM (${sql}) AS looked`)
    .join('\nUNION ALL\n'),
})

const looksOf = (name: string, which: (check: Check) => boolean) =>
  Object.fromEntries(
    domains.map((domain) => [
      domain,
      lookFor(
        name,
        checks.filter((one) => one.domain === domain && which(one)),
      ),
    ]),
  ) as Record<Domain, ReturnType<typeof lookFor>>

const books = lookFor('books', bookChecks)

const looks = {
  anytime: looksOf('anytime', ({ when }) => when === 'anytime'),
  healed: looksOf('healed', ({ when }) => when === 'healed'),
  settled: looksOf('settled', () => true),
}

async function gather(pools: Readonly<Record<Domain, Postgres>>): Promise<Facts> {
  const entries = Object.entries(factQueries).map(async ([name, { domain, sql }]) => [
    name,
    await look(pools[domain], { text: sql }),
  ])
  return Object.fromEntries(await Promise.all(entries)) as Facts
}

/** What one domain knows and another one should have heard of it, or has heard and should not. */
async function unheard(pools: Pools): Promise<Broken[]> {
  const entries = async ({ domain, sql }: { readonly domain: Domain; readonly sql: string }) =>
    (await look<{ entry: string }>(pools[domain], { text: sql })).map(({ entry }) => entry)
  const found = copies.map(async (copy) =>
    contradictionsOfCopy(copy, { known: await entries(copy.from), heard: await entries(copy.to) }),
  )
  return (await Promise.all(found)).flat()
}

/** What is due and was not done, also after a minute of healing. */
async function leftUndone(pools: Pools, { clock, undelivered }: Outside): Promise<Broken[]> {
  const asked = allDue.map(({ domain, sql }) => look<{ what: string }>(pools[domain], { text: sql, values: [clock.now()] }))
  const due = (await Promise.all(asked)).flat().map(({ what }) => what)
  return [...due, ...undelivered()].map((what) => ({ invariant: 'I5', what }))
}

const miscounted = async ({ products }: Pools): Promise<Broken[]> =>
  (await look<{ what: string }>(products, { text: soldCounts })).map(({ what }) => ({ invariant: 'I2', what }))

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
