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
  /** What it comes to, where that is known before: it is kept with the claim, and not written once more behind the effect. */
  readonly foreseen?: object
}

const claim = `INSERT INTO idempotency_record (scope, actor, key, request_hash, outcome, created_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`
const find = `SELECT request_hash AS hash, outcome FROM idempotency_record WHERE scope = $1 AND actor = $2 AND key = $3`
const settle = `UPDATE idempotency_record SET outcome = $4 WHERE scope = $1 AND actor = $2 AND key = $3`

const keptUntil = (now: Date) => new Date(now.getTime() + limits.idempotencyKeptHours * 3_600_000)

/** As SQL, whether no attempt with this key was kept; the values are those of `keptValues`, the first of which is `$at`. */
export const notKept = (at: number): string =>
  `NOT EXISTS (SELECT FROM idempotency_record WHERE scope = $${at}::text AND actor = $${at + 1}::text AND key = $${at + 2}::text)`

/**
 * As SQL, what keeps an attempt whose whole effect is the part `effect` of a statement's WITH: both or neither. It fails with `keptAlready` where
 * somebody else has kept one with this key meanwhile.
 */
export const keeping = (effect: string, at: number): string =>
  `INSERT INTO idempotency_record (scope, actor, key, request_hash, outcome, created_at, expires_at)
    SELECT $${at}::text, $${at + 1}::text, $${at + 2}::text, $${at + 3}::text, $${at + 4}::text, $${at + 5}::timestamptz, $${at + 6}::timestamptz
    FROM ${effect}`

/** What `keeping` fails with, as the database says it. */
export const keptAlready = '23505'

/** The values of `notKept` and `keeping`. */
export const keptValues = ({ scope, actor, key, input }: Attempt, result: object, now: Date): readonly unknown[] => [
  scope,
  actor,
  key,
  requestHash(input),
  toWire(result),
  now,
  keptUntil(now),
]

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
    const foreseen = attempt.foreseen ? toWire(attempt.foreseen) : null
    const before = await claimed(tx, attempt, { hash, outcome: foreseen, now: clock.now() })
    if (before && before.hash !== hash) return problem('IdempotencyKeyReused', { idempotencyKey: key })
    if (before) return fromWire(before.outcome) as R
    const result = await work(tx)
    if (isRefusal(result)) return result
    const outcome = toWire(result)
    if (outcome !== foreseen) await tx.$executeRawUnsafe(settle, scope, actor, key, outcome)
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
  { hash, outcome, now }: { readonly hash: string; readonly outcome: string | null; readonly now: Date },
) {
  const values = [scope, actor, key, hash, outcome, now, keptUntil(now)]
  // A concurrent repeat waits here until the first one commits or rolls back; one that is forgotten before it is read was never made.
  while ((await tx.$executeRawUnsafe(claim, ...values)) === 0) {
    const [kept] = await tx.$queryRawUnsafe<{ hash: string; outcome: string }[]>(find, scope, actor, key)
    if (kept) return kept
  }
  return undefined
}
