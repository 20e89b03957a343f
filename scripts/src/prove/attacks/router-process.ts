import '@pasar/router/lean-memory'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { openFleetRouter } from '@pasar/router/fleet-router'
import { openStandalone } from '@pasar/router/standalone'
import { openLog } from '@pasar/shared/log'
import { readSettings } from '@pasar/shared/process/settings'
import { answerMessages } from './child.ts'

/** What the router used since it was asked last. */
export interface Usage {
  readonly cpuMs: number
  /** After everything that nobody needs was thrown away. */
  readonly heapMb: number
  readonly delayP99Ms: number
  readonly delayMaxMs: number
  /** Properties that every object of the process has, and should not. */
  readonly polluted: readonly string[]
}

const resolutionMs = 10
const delay = monitorEventLoopDelay({ resolution: resolutionMs })
const log = openLog('debug', 'router')
let aheadMs = 0
let cpu = process.cpuUsage()

/** The machine's time, or a time ahead of it. */
const clock = { now: () => new Date(Date.now() + aheadMs) }

const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs)

function usage(collect: boolean): Usage {
  const { user, system } = process.cpuUsage(cpu)
  if (collect) globalThis.gc?.()
  const polluted = []
  for (const name in {}) polluted.push(name)
  const measured = {
    cpuMs: (user + system) / 1000,
    heapMb: process.memoryUsage().heapUsed / 1024 / 1024,
    delayP99Ms: late(delay.percentile(99)),
    delayMaxMs: late(delay.max),
    polluted: [...polluted, ...Object.keys(Object.prototype)],
  }
  delay.reset()
  cpu = process.cpuUsage()
  return measured
}

// The router that is attacked: nothing else runs in its process.
answerMessages(async ({ env, supergraph, ahead, collect }) => {
  if (typeof supergraph === 'string') {
    const { url } = await openStandalone({ supergraph, host: '127.0.0.1', port: 0, log })
    return { url }
  }
  if (env) {
    const { port } = await openFleetRouter({ settings: readSettings(env as Record<string, string>), clock, log })
    delay.enable()
    return { url: `http://127.0.0.1:${port}` }
  }
  if (typeof ahead === 'number') aheadMs = ahead
  return usage(collect === true)
})
