import type { Stop } from './bus.ts'
import { errorDetails, type Log } from './log.ts'

/** On the first SIGINT or SIGTERM stops everything in the order given and exits 0; on a second one exits at once. */
export function onShutdown(log: Log, ...stops: readonly Stop[]): void {
  let stopping = false
  const shutDown = async () => {
    if (stopping) process.exit(1)
    stopping = true
    for (const stop of stops) await stop().catch((error: unknown) => log.error(errorDetails(error), 'stopping failed'))
    process.exit(0)
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void shutDown())
}
