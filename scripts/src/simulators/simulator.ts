import type { Stop } from '@pasar/shared/events/bus'
import type { Clock } from '@pasar/shared/clock'
import type { Route } from '@pasar/shared/http/server'
import type { Log } from '@pasar/shared/log'

/** How somebody outside of the market is set up who tells it of changes, but for the keys. */
export interface SimulatorOptions {
  /** Where it remembers what it was asked for. */
  readonly folder: string
  /** Where it tells of changes: the address of the market's `POST /notifications/midtrans`, `xendit` or `courier`. */
  readonly notificationUrl: string
  readonly clock: Clock
  readonly log: Log
  /** Whether time passes by itself; tests let it pass with `run`. */
  readonly background: boolean
}

/** Somebody outside of the market, to be served by a process. */
export interface Simulator {
  readonly routes: readonly Route[]
  /** Does and notifies what is due now; says how much there was. */
  run(): Promise<number>
  /** When it has something to tell again. */
  nextAt(): string | undefined
  stop: Stop
}
