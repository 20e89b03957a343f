import { subgraphUrl } from '@pasar/shared/process/addresses'
import { serve } from '@pasar/shared/http/server'
import type { Stop } from '@pasar/shared/events/bus'
import { healthRoutes } from '@pasar/shared/subgraph/server'
import { openSimulators, type Simulators, type SimulatorsOptions } from './simulators.ts'

/** The simulators of a fleet, on a server of their own. */
export interface SimulatorServer extends Pick<Simulators, 'smtpUrl' | 'run'> {
  readonly port: number
  /** What stops them, to be run in this order. */
  readonly stops: readonly Stop[]
}

/** Opens all simulators on the port of the settings; they notify the subgraphs of the settings. */
export async function serveSimulators(options: Omit<SimulatorsOptions, 'notify'>): Promise<SimulatorServer> {
  const { settings, log } = options
  const notify = { payments: subgraphUrl(settings, 'payments'), logistics: subgraphUrl(settings, 'logistics') }
  const simulators = await openSimulators({ ...options, notify })
  const routes = [...healthRoutes(async () => undefined), ...simulators.routes]
  const { port, stop } = await serve(routes, { host: settings.HOST, port: settings.PORT_SIMULATORS, log })
  return { port, smtpUrl: simulators.smtpUrl, run: () => simulators.run(), stops: [stop, () => simulators.stop()] }
}
