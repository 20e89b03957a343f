import type { Stop } from '@pasar/shared/events/bus'
import type { Clock } from '@pasar/shared/clock'
import { limits } from '@pasar/shared/limits'
import type { Log } from '@pasar/shared/log'
import { closeRedis, openRedis } from '@pasar/shared/events/redis'
import type { Settings } from '@pasar/shared/process/settings'
import { addressKey } from '../identity/client-address.ts'
import type { Caller } from '../subgraph/send.ts'
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

/** Who the making of frames is charged to. */
export interface Payer {
  /**
   * Seconds until a frame can be paid; 0 when it can. For that something has to be left, not the whole cost: what is missing is owed.
   * Whoever waited for more than others do would never get it, because those take it as it comes.
   */
  wait(): number
  pay(cost: number): void
}

/** The budget of whoever asks, and its key there; undefined for the router itself, whose operations have no client. */
export function budgetOf(
  { accounts, addresses }: ViewerBudgets,
  { viewer, address }: Caller,
): { readonly budget: Budgets; readonly key: string } | undefined {
  if (viewer.kind === 'account') return { budget: accounts, key: viewer.accountId }
  return address === undefined ? undefined : { budget: addresses, key: addressKey(address) }
}

/** Whether a caller has nothing left to spend. */
export function isSpent(budgets: ViewerBudgets, caller: Caller): boolean {
  const own = budgetOf(budgets, caller)
  return own !== undefined && own.budget.wait(own.key, 1) > 0
}

const free: Payer = { wait: () => 0, pay: () => undefined }

/** Says who pays for a caller's frames: out of a budget as large as that of operations, so that what is asked and what is followed never wait for each other. */
export const openPayers =
  (budgets: ViewerBudgets) =>
  (caller: Caller): Payer => {
    const own = budgetOf(budgets, caller)
    if (!own) return free
    const key = `frames ${own.key}`
    return { wait: () => own.budget.wait(key, 1), pay: (cost) => own.budget.charge(key, cost) }
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
