import type { Stop } from '@pasar/shared/events/bus'
import { limits } from '@pasar/shared/limits'
import { errorDetails, type Log } from '@pasar/shared/log'
import { inTime, reopenRedis, type RedisClient } from '@pasar/shared/events/redis'
import { memoryBudgets, type Budgets, type BudgetSize } from './budgets.ts'
import { costLimits } from './limits.ts'

/** Budgets that the routers of a fleet share. */
export interface SharedBudgets extends Budgets {
  /** Tells the others what was spent here since the last time, and learns what is left. */
  settle(): Promise<void>
  stop: Stop
}

/** Where they are shared. */
export interface SharedBudgetsOptions extends BudgetSize {
  readonly client: RedisClient
  /** Start of every key. */
  readonly prefix: string
  readonly log: Log
  /** A Redis that is silent for this long is away. */
  readonly answerMs?: number
}

/**
 * Fills a budget up by the time that went by on Redis's own clock, takes what was spent, and says what is left. The clock of a Redis that takes
 * over may be behind that of the one before: no time has gone by then.
 */
const spend = `
local size = tonumber(ARGV[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('HMGET', KEYS[1], 'left', 'at')
local left = tonumber(known[1]) or size
local at = tonumber(known[2]) or now
left = math.max(-size, math.min(size, left + math.max(0, now - at) * size / 60000) - tonumber(ARGV[2]))
redis.call('HSET', KEYS[1], 'left', left, 'at', now)
redis.call('PEXPIRE', KEYS[1], 180000)
return tostring(left)`

/**
 * Budgets of a fleet. Each router decides by what it knows, at once and also while Redis is away; what was spent is told to the others
 * a few times per second, so that together they let through at most what is spent in one such moment more. What is spent while Redis is
 * away is not told afterwards: all of it at once would be more than anybody has.
 */
export function redisBudgets(options: SharedBudgetsOptions): SharedBudgets {
  const { client, prefix, log, answerMs = limits.redisAnswerMs, ...size } = options
  const local = memoryBudgets(size)
  let spent = new Map<string, number>()
  const settleOne = async (key: string, amount: number) => {
    const given = { keys: [`${prefix}:${key}`], arguments: [String(size.perMinute), String(amount)] }
    const left = Number(await inTime(client.eval(spend, given), { ms: answerMs, onLate: () => reopenRedis(client) }))
    local.lower(key, left - (spent.get(key) ?? 0))
  }
  const tell = async () => {
    const telling = spent
    spent = new Map()
    if (!client.isReady) return
    await Promise.all([...telling].map(([key, amount]) => settleOne(key, amount))).catch((error: unknown) =>
      log.warn(errorDetails(error), 'what was spent could not be told to the other routers'),
    )
  }
  let settling: Promise<void> | undefined
  const settle = async () => {
    while (settling) await settling
    settling = tell().finally(() => (settling = undefined))
    await settling
  }
  const timer = setInterval(() => void (settling ?? settle()), costLimits.settleMs).unref()
  return {
    settle,
    wait: (key, amount) => local.wait(key, amount),
    charge(key, amount) {
      local.charge(key, amount)
      if (size.perMinute > 0) spent.set(key, (spent.get(key) ?? 0) + amount)
    },
    stop: async () => clearInterval(timer),
  }
}
