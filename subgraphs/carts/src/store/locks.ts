import type { SqlSeam } from '@pasar/shared/postgres/seam'
import { rowsOf, type Send, type Statement } from '@pasar/shared/postgres/statement'
import type { FoundOrigin } from '../domain/cart.ts'
import type { Frozen } from '../domain/lock.ts'

/** What a checkout has done with a cart. */
export interface LockRow {
  readonly state: 'LOCKED' | 'RELEASED' | 'CLEARED'
  readonly content: Frozen | null
}

export const findLock = async (db: SqlSeam, checkoutId: string): Promise<LockRow | undefined> =>
  (await db.$queryRawUnsafe<LockRow[]>(`SELECT state, content FROM cart_lock WHERE checkout_id = $1`, checkoutId))[0]

/** Takes a cart that is as it was read, and keeps what was in it; where anything has happened since, it takes nothing. */
const lock: Statement = {
  name: 'carts_lock',
  text: `WITH held AS (
      UPDATE cart SET locked_by = $1 WHERE id = $2 AND account_id = $3 AND version = $4 AND locked_by IS NULL
        AND NOT EXISTS (SELECT FROM cart_lock WHERE checkout_id = $1) RETURNING id)
    INSERT INTO cart_lock (checkout_id, cart_id, state, content, created_at) SELECT $1, id, 'LOCKED', $5::jsonb, $6 FROM held
    RETURNING checkout_id`,
  writes: true,
}

/** A cart to lock, in the version in which it was read. */
export interface NewLock {
  readonly checkoutId: string
  readonly accountId: string
  readonly version: number
  readonly content: Frozen
  readonly now: Date
}

const spokenAlready = '23505'

/** Locks a cart for a checkout; false where the cart is no longer so, or the checkout has spoken about its cart before. */
export const addLock = (send: Send, { checkoutId, accountId, version, content, now }: NewLock): Promise<boolean> =>
  send(lock, checkoutId, content.cartId, accountId, version, JSON.stringify(content), now).then(
    (rows) => rows.length === 1,
    (error: unknown) => ((error as { code?: unknown }).code === spokenAlready ? false : Promise.reject(error)),
  )

const ending = (state: LockRow['state']) =>
  `ended AS (UPDATE cart_lock SET state = '${state}' WHERE checkout_id = $1 AND state = 'LOCKED' RETURNING cart_id, content)`

/** Gives a cart back as it was, with the places that the checkout has found. */
const release: Statement = {
  name: 'carts_release',
  text: `WITH ${ending('RELEASED')},
    given_back AS (UPDATE cart SET locked_by = NULL FROM ended WHERE id = ended.cart_id AND locked_by = $1),
    learned AS (UPDATE cart_group g SET found_origin = f.origin, found_for = f.lines
      FROM ended, ${rowsOf('$2::text[]', '$3::text[]', '$4::text[]')} AS f (shop_id, origin, lines)
      WHERE g.cart_id = ended.cart_id AND g.shop_id = f.shop_id)
    SELECT cart_id FROM ended`,
  writes: true,
}

/** Gives a cart back without what was bought, and without groups that are left empty. */
const clear: Statement = {
  name: 'carts_clear',
  text: `WITH ${ending('CLEARED')},
    bought AS (SELECT line->>'lineId' AS id FROM ended, jsonb_array_elements(content->'lines') AS line),
    given_back AS (UPDATE cart SET locked_by = NULL, version = version + 1 FROM ended WHERE id = ended.cart_id AND locked_by = $1),
    gone_lines AS (DELETE FROM cart_line l USING ended WHERE l.cart_id = ended.cart_id AND l.id IN (SELECT id FROM bought)),
    gone_groups AS (DELETE FROM cart_group g USING ended WHERE g.cart_id = ended.cart_id
      AND NOT EXISTS (SELECT FROM cart_line l WHERE l.group_id = g.id AND l.id NOT IN (SELECT id FROM bought)))
    SELECT cart_id FROM ended`,
  writes: true,
}

const endings = { RELEASED: release, CLEARED: clear }

/** Says for a checkout that never locked its cart that it has ended: it cannot lock it any more. */
const neverLock: Statement = {
  name: 'carts_never_lock',
  text: `INSERT INTO cart_lock (checkout_id, state, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING checkout_id`,
  writes: true,
}

/** An end of a lock. */
export interface LockEnd {
  readonly checkoutId: string
  readonly state: keyof typeof endings
  readonly now: Date
  /** What the cart learns of where its parcels leave from, when it is given back. */
  readonly found?: readonly (FoundOrigin & { readonly shopId: string })[]
}

/** Ends the lock of a checkout, the one that it has or the one that it might still ask for; one that has ended stays as it is. */
export async function endLock(send: Send, { checkoutId, state, now, found = [] }: LockEnd): Promise<void> {
  const learned = [found.map(({ shopId }) => shopId), found.map((one) => one.foundOrigin), found.map((one) => one.foundFor)]
  const end = async () => (await send(endings[state], checkoutId, ...(state === 'RELEASED' ? learned : []))).length > 0
  // Whoever locked the cart between the two is found by the third.
  if (!(await end()) && (await send(neverLock, checkoutId, state, now)).length === 0) await end()
}

/** Forgets the locks of checkouts that began before a moment and have ended. */
export const removeOldLocks = (db: SqlSeam, before: Date): Promise<number> =>
  db.$executeRawUnsafe(`DELETE FROM cart_lock WHERE created_at < $1 AND state <> 'LOCKED'`, before)
