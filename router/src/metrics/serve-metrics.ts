import type { Stop } from '@pasar/shared/events/bus'
import { serve } from '@pasar/shared/http/server'
import type { Log } from '@pasar/shared/log'
import { SettingProblem } from '@pasar/shared/process/setting-problem'
import type { Settings } from '@pasar/shared/process/settings'
import { openMetrics, type Metrics } from './metrics.ts'

/** Metrics that somebody can read. */
export interface ServedMetrics {
  readonly metrics: Metrics
  readonly port: number
  stop: Stop
}

/** Serves a router's metrics at a port of their own, for they are not for clients; undefined when no port is set. */
export async function serveMetrics(
  { HOST: host, PORT_METRICS: port }: Pick<Settings, 'HOST' | 'PORT_METRICS'>,
  log: Log,
): Promise<ServedMetrics | undefined> {
  if (port === undefined) return undefined
  const metrics = openMetrics()
  const handle = async () => ({ status: 200, headers: { 'content-type': metrics.contentType }, body: await metrics.text() })
  const http = await serve([{ method: 'GET', path: '/metrics', handle }], { host, port, log }).catch((error: Error) => {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new SettingProblem(`PORT_METRICS: port ${port} is taken by another program`)
  })
  return { metrics, port: http.port, stop: http.stop }
}
