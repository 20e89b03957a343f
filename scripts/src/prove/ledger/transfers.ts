import { setTimeout as pause } from 'node:timers/promises'
import { buyerWallet, providerClearing } from '@pasar/payments/domain/chart-of-accounts'
import type { Journal } from '@pasar/payments/domain/journals'
import { postJournal } from '@pasar/payments/store/ledger'
import type { Tx } from '@pasar/payments/store/database'
import type { Clock } from '@pasar/shared/clock'
import { minorUnits } from '@pasar/shared/money'
import type { Postgres } from '@pasar/shared/postgres/pool'

/** One transfer between two accounts that may not be negative. */
export interface Transfer {
  readonly reference: string
  readonly from: number
  readonly to: number
  readonly amount: number
}

/** What a worker was told of its transfer in the end. */
export type Outcome = 'posted' | 'found posted' | 'refused'

/** The name of the n-th account's owner. */
export const ownerOf = (account: number): string => `usr_${account}`

const journalOf = ({ reference, from, to, amount }: Transfer): Journal => ({
  kind: 'CAPTURE',
  reference,
  movements: [
    { account: buyerWallet(ownerOf(from)), amount: minorUnits(amount), purpose: 'CAPTURED' },
    { account: buyerWallet(ownerOf(to)), amount: minorUnits(-amount), purpose: 'CAPTURED' },
  ],
})

/** What every account has before the first transfer. */
export const fundingOf = (accounts: number, each: number): Journal => ({
  kind: 'CAPTURE',
  reference: 'funding',
  movements: [
    { account: providerClearing, amount: minorUnits(accounts * each), purpose: 'CAPTURED' },
    ...Array.from({ length: accounts }, (_, account) => ({
      account: buyerWallet(ownerOf(account)),
      amount: minorUnits(-each),
      purpose: 'CAPTURED' as const,
    })),
  ],
})

/** The database's own word that the account has not enough. */
const isRefusal = (error: unknown): boolean => String(error).includes('account_not_negative')

const restMs = 50

/** A value as SQL says it: what goes in one message cannot have parameters. */
const literal = (value: unknown): string => {
  if (Array.isArray(value)) return `ARRAY[${value.map(literal).join(',')}]::text[]`
  const text = value instanceof Date ? value.toISOString() : String(value)
  return `'${text.replaceAll("'", "''")}'`
}

const withValues = (text: string, values: readonly unknown[]) =>
  text.replaceAll(/\$(\d+)/g, (_, number: string) => literal(values[Number(number) - 1]))

/**
 * A transaction of one statement over plain connections, begun and committed in the message that carries it. What is proven is the ledger's
 * own SQL: Prisma, and messages to and fro, would take most of the machine.
 */
const transactionOver =
  ({ pool }: Postgres) =>
  async <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
    const client = await pool.connect()
    let isBroken = true
    const query = async (text: string, ...values: unknown[]) => {
      // One result for each of the three.
      const results = (await client.query(`BEGIN;${withValues(text, values)};COMMIT`)) as unknown as { readonly rows: unknown }[]
      return results[1]!.rows
    }
    try {
      const result = await work({ $queryRawUnsafe: query } as Tx)
      isBroken = false
      return result
    } catch (error) {
      if (isRefusal(error))
        isBroken = await client.query('ROLLBACK').then(
          () => false,
          () => true,
        )
      throw error
    } finally {
      client.release(isBroken)
    }
  }

/** Posts transfers as payments does. One whose fate is unknown is sent again under the same reference until the answer is certain. */
export function openTransfers(postgres: Postgres, clock: Clock) {
  // A connection that dies between two statements would end the process.
  postgres.pool.on('connect', (client) => client.on('error', () => undefined))
  const transaction = transactionOver(postgres)
  let unknown = 0
  const post = async (transfer: Transfer): Promise<Outcome> => {
    const journal = journalOf(transfer)
    for (let attempt = 1; ; attempt++) {
      try {
        return (await transaction((tx) => postJournal(tx, clock, journal))) ? 'posted' : 'found posted'
      } catch (error) {
        if (isRefusal(error)) return 'refused'
        unknown += 1
        await pause(Math.min(500, restMs * attempt))
      }
    }
  }
  return {
    fund: (journal: Journal) => transaction((tx) => postJournal(tx, clock, journal)),
    post,
    /** How often the fate of a transfer was unknown. */
    unknown: () => unknown,
  }
}
