import './lean-memory.ts'
import { systemClock } from '@pasar/shared/clock'
import { runProcess } from '@pasar/shared/process/run'
import { onShutdown } from '@pasar/shared/process/shutdown'
import { openFleetRouter } from './fleet-router.ts'

/** The router as a process of a fleet. */
runProcess('router', async ({ settings, log }) => {
  const { stops } = await openFleetRouter({ settings, clock: systemClock, log })
  onShutdown(log, ...stops)
})
