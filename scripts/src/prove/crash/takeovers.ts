import { rowsOf } from '../world/acts.ts'
import { domainOf, type MemberName } from '../world/member.ts'
import type { World } from '../world/world.ts'

interface Held {
  readonly checkoutId: string
  readonly fence: string
  readonly since: number
}

/** Measures how long the sagas that a dead process held wait for another one. */
export function openTakeovers(world: World) {
  const tookMs: number[] = []
  let held: Held[] = []
  const now = () => world.clock.now().getTime()
  return {
    tookMs,
    /** Before these processes die. */
    begin: async (victims: readonly MemberName[]): Promise<void> => {
      if (!victims.some((name) => domainOf(name) === 'orders')) return
      const rows = await rowsOf<Omit<Held, 'since'>>(world, 'orders', {
        name: 'held',
        sql: `SELECT checkout_id AS "checkoutId", fence::text FROM saga WHERE lease_until IS NOT NULL AND next_try_at IS NOT NULL`,
      })
      const since = now()
      held.push(...rows.map((row) => ({ ...row, since })))
    },
    /** After each step of time. */
    look: async (): Promise<void> => {
      if (held.length === 0) return
      const rows = await rowsOf<{ checkoutId: string; fence: string; free: boolean }>(world, 'orders', {
        name: 'taken over',
        sql: `SELECT checkout_id AS "checkoutId", fence::text, next_try_at IS NULL AS free FROM saga WHERE checkout_id = ANY($1::text[])`,
        values: [held.map(({ checkoutId }) => checkoutId)],
      })
      const known = new Map(rows.map((row) => [row.checkoutId, row]))
      held = held.filter(({ checkoutId, fence, since }) => {
        const row = known.get(checkoutId)
        if (row && row.fence === fence && !row.free) return true
        if (row && row.fence !== fence) tookMs.push(now() - since)
        return false
      })
    },
  }
}
