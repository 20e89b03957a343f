import { join } from 'node:path'
import { subgraphUrl } from '@pasar/shared/addresses'
import { systemClock } from '@pasar/shared/clock'
import { serve } from '@pasar/shared/http'
import { runProcess } from '@pasar/shared/process'
import { onShutdown } from '@pasar/shared/shutdown'
import { healthRoutes } from '@pasar/shared/subgraph-server'
import { root } from '../paths.ts'
import { openSimulators } from './simulators.ts'

/** The simulators as a process of a fleet. */
runProcess('simulators', async ({ settings, log }) => {
  const notify = { payments: subgraphUrl(settings, 'payments'), logistics: subgraphUrl(settings, 'logistics') }
  const place = { dataDir: join(root, settings.DATA_DIR), clock: systemClock, log, background: true }
  const simulators = await openSimulators({ settings, ...place, smtpPort: settings.PORT_SMTP, notify })
  const routes = [...healthRoutes(async () => undefined), ...simulators.routes]
  const http = await serve(routes, { host: settings.HOST, port: settings.PORT_SIMULATORS, log })
  onShutdown(
    log,
    () => http.stop(),
    () => simulators.stop(),
  )
})
