import type { Stop } from '@pasar/shared/bus'
import type { Clock } from '@pasar/shared/clock'
import { limits } from '@pasar/shared/limits'
import type { Log } from '@pasar/shared/log'
import { closeRedis, openRedis } from '@pasar/shared/redis'
import type { Settings } from '@pasar/shared/settings'
import { memoryBudgets, type Budgets } from './budgets.ts'
import { redisBudgets } from './redis-budgets.ts'

/** What viewers may spend. */
export interface ViewerBudgets {
  /** By account: cost. */
  readonly accounts: Budgets
  /** By the address of a guest: cost. */
  readonly addresses: Budgets
  /** By address: mutations by which a secret could be guessed. */
  readonly tries: Budgets
}

/** The settings that say how much that is. */
export type BudgetSettings = Pick<Settings, 'BUDGET_ACCOUNT' | 'BUDGET_ADDRESS' | 'BUDGET_TRIES'>

const sizes = (settings: BudgetSettings) => ({
  accounts: settings.BUDGET_ACCOUNT,
  addresses: settings.BUDGET_ADDRESS,
  tries: settings.BUDGET_TRIES,
})

/** Budgets that one router keeps by itself. */
export function localViewerBudgets(settings: BudgetSettings, clock: Clock): ViewerBudgets {
  const { accounts, addresses, tries } = sizes(settings)
  const open = (perMinute: number) => memoryBudgets({ perMinute, clock })
  return { accounts: open(accounts), addresses: open(addresses), tries: open(tries) }
}

/** Where the routers of a fleet meet. */
export interface SharedViewerBudgets {
  readonly url: string
  readonly prefix: string
  readonly clock: Clock
  readonly log: Log
}

/** Budgets that the routers of a fleet share. */
export async function sharedViewerBudgets(
  settings: BudgetSettings,
  { url, prefix, clock, log }: SharedViewerBudgets,
): Promise<ViewerBudgets & { stop: Stop }> {
  const client = await openRedis(url, log, { failsWhileAway: true })
  const { accounts, addresses, tries } = sizes(settings)
  const open = (name: string, perMinute: number) =>
    redisBudgets({ client, prefix: `${prefix}:budget:${name}`, perMinute, clock, log })
  const budgets = { accounts: open('account', accounts), addresses: open('address', addresses), tries: open('tries', tries) }
  const stop = async () => {
    await Promise.all(Object.values(budgets).map((one) => one.stop()))
    await closeRedis(client, limits.redisAnswerMs)
  }
  return { ...budgets, stop }
}
