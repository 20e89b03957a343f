import { systemClock } from '@pasar/shared/clock'
import { runProcess } from '@pasar/shared/process/run'
import { onShutdown } from '@pasar/shared/process/shutdown'
import { dataFolder } from '../paths.ts'
import { serveSimulators } from './serve.ts'

/** The simulators as a process of a fleet. */
runProcess('simulators', async ({ settings, log }) => {
  const place = { dataDir: dataFolder(settings), smtpPort: settings.PORT_SMTP }
  const { stops } = await serveSimulators({ settings, log, clock: systemClock, background: true, ...place })
  onShutdown(log, ...stops)
})
