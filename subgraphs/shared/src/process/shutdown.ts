import type { Stop } from '../events/bus.ts'
import { errorDetails, type Log } from '../log.ts'

/** npm hands a Ctrl-C on to a process that has it from the terminal already: what comes so soon after the first is the same wish. */
const sameWishMs = 1_000

/**
 * Aborts when the process is asked to stop: by SIGINT, by SIGTERM, or by SIGHUP, which a terminal sends that is closed. Whoever asks again
 * because it takes too long ends the process at once.
 */
export function askedToStop(impatientExitCode = 1): AbortSignal {
  const asked = new AbortController()
  let since: number | undefined
  const hear = () => {
    if (since !== undefined && performance.now() - since >= sameWishMs) process.exit(impatientExitCode)
    since ??= performance.now()
    asked.abort()
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear)
  // A terminal that is closed takes no words any more; that must not keep anybody from stopping in order.
  for (const words of [process.stdout, process.stderr]) words.on('error', () => undefined)
  return asked.signal
}

/** When the process is asked to stop, stops everything in the order given and exits 0; see askedToStop. */
export function onShutdown(log: Log, ...stops: readonly Stop[]): void {
  const shutDown = async () => {
    for (const stop of stops) await stop().catch((error: unknown) => log.error(errorDetails(error), 'stopping failed'))
    process.exit(0)
  }
  askedToStop().addEventListener('abort', () => void shutDown())
}
