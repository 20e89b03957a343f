import { createHash } from 'node:crypto'
import type { Clock } from './clock.ts'
import { limits } from './limits.ts'
import { BadInput, isRefusal, problem, type Problem } from './problems.ts'
import type { SqlSeam } from './postgres/seam.ts'
import type { Transaction } from './postgres/transaction.ts'
import { canonical, fromWire, toWire } from './wire.ts'

/** The same key came with another input. */
export type IdempotencyKeyReused = Problem<'IdempotencyKeyReused', { idempotencyKey: string }>

/** Identifies one attempt: the same actor sending the same key to the same command. */
export interface Attempt {
  /** The command's name. */
  readonly scope: string
  /** Who acts: an account, or another subgraph. */
  readonly actor: string
  readonly key: string
  /** Everything that the effect depends on; compared by hash. */
  readonly input: unknown
}

const claim = `INSERT INTO idempotency_record (scope, actor, key, request_hash, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`
const find = `SELECT request_hash AS hash, outcome FROM idempotency_record WHERE scope = $1 AND actor = $2 AND key = $3`
const settle = `UPDATE idempotency_record SET outcome = $4 WHERE scope = $1 AND actor = $2 AND key = $3`

/** What is compared of an attempt's input. */
export const requestHash = (input: unknown): string => createHash('sha256').update(canonical(input)).digest('hex')

/** Carries a refusal out of the transaction, so that whatever it had begun is rolled back. */
class Refused extends Error {
  readonly result: object
  constructor(result: object) {
    super('refused')
    this.result = result
  }
}

/** Checks the form of an idempotency key: 1 to 255 visible ASCII characters. */
export function parseIdempotencyKey(raw: string): string {
  if (raw.length > limits.idempotencyKeyCharactersMax || !/^[\x21-\x7e]+$/.test(raw))
    throw new BadInput('idempotencyKey', {
      id: `1 sampai ${limits.idempotencyKeyCharactersMax} karakter ASCII yang terlihat, misalnya UUID`,
      en: `1 to ${limits.idempotencyKeyCharactersMax} visible ASCII characters, such as a UUID`,
    })
  return raw
}

/** Runs a command's work in one transaction and rolls it back when the work refuses: a refusal changes nothing. */
export const runCommand = async <Tx, R extends object>(
  transaction: Transaction<Tx>,
  work: (tx: Tx) => Promise<R>,
): Promise<R> => {
  try {
    return await transaction(async (tx) => {
      const result = await work(tx)
      if (isRefusal(result)) throw new Refused(result)
      return result
    })
  } catch (error) {
    if (error instanceof Refused) return error.result as R
    throw error
  }
}

/**
 * Runs a command at most once per attempt: effect and record commit together, a repeat gets the recorded outcome, the same key with
 * another input is IdempotencyKeyReused. Refusals are rolled back and not recorded.
 */
export const runOnce = <Tx extends SqlSeam, R extends object>(
  { transaction, clock }: { transaction: Transaction<Tx>; clock: Clock },
  attempt: Attempt,
  work: (tx: Tx) => Promise<R>,
): Promise<R | IdempotencyKeyReused> =>
  runCommand<Tx, R | IdempotencyKeyReused>(transaction, async (tx) => {
    const { scope, actor, key } = attempt
    const hash = requestHash(attempt.input)
    const before = await claimed(tx, attempt, { hash, now: clock.now() })
    if (before && before.hash !== hash) return problem('IdempotencyKeyReused', { idempotencyKey: key })
    if (before) return fromWire(before.outcome) as R
    const result = await work(tx)
    if (!isRefusal(result)) await tx.$executeRawUnsafe(settle, scope, actor, key, toWire(result))
    return result
  })

/** Runs a command once for each key where its client has given one, and as often as it comes where it has not. */
export const runKeyed = <Tx extends SqlSeam, R extends object>(
  deps: { transaction: Transaction<Tx>; clock: Clock },
  { key, ...attempt }: Omit<Attempt, 'key'> & { readonly key: string | null | undefined },
  work: (tx: Tx) => Promise<R>,
): Promise<R | IdempotencyKeyReused> =>
  key == null ? runCommand(deps.transaction, work) : runOnce(deps, { ...attempt, key: parseIdempotencyKey(key) }, work)

/** What is kept of an attempt that was made before; undefined where this is the first one, whose place it now holds. */
async function claimed(
  tx: SqlSeam,
  { scope, actor, key }: Attempt,
  { hash, now }: { readonly hash: string; readonly now: Date },
) {
  const expires = new Date(now.getTime() + limits.idempotencyKeptHours * 3_600_000)
  // A concurrent repeat waits here until the first one commits or rolls back; one that is forgotten before it is read was never made.
  while ((await tx.$executeRawUnsafe(claim, scope, actor, key, hash, now, expires)) === 0) {
    const [kept] = await tx.$queryRawUnsafe<{ hash: string; outcome: string }[]>(find, scope, actor, key)
    if (kept) return kept
  }
  return undefined
}
