import { startLoop } from '@pasar/shared/process/worker'
import { apiRoutes } from './courier/api.ts'
import { openDepot } from './courier/depot.ts'
import type { Booked, Parcel } from './courier/parcel.ts'
import { peopleRoutes } from './courier/people.ts'
import { openTelling } from './deliveries.ts'
import { nextNotification, remember } from './remembered.ts'
import type { Simulator, SimulatorOptions } from './simulator.ts'

/** How the simulated courier aggregator is set up. */
export interface CourierSimulatorOptions extends SimulatorOptions {
  /** Key of the signatures, both ways. */
  readonly secret: string
}

/** A simulated courier aggregator. */
export interface CourierSimulator extends Simulator {
  /** Parcels that it was asked for, of all that it remembers. */
  booked(): readonly Booked[]
}

/** What it offers, for the landing page and the README. */
export const courierEndpoints = [
  { method: 'GET', path: '/simulators/courier', what: 'page that lists parcels on their way, with a button to move each along' },
  {
    method: 'POST',
    path: '/simulators/courier/:trackingNumber/advance',
    what: 'the parcel is scanned at its next station; JSON body (optional): status, location, note, and for the notification duplicate (further copies), delaySeconds, forge (one with a wrong signature comes first)',
  },
  {
    method: 'POST',
    path: '/simulators/courier/:trackingNumber/auto',
    what: 'the parcel moves along by itself; JSON body: everyMs (0 stops it)',
  },
  { method: 'GET', path: '/simulators/courier/:trackingNumber', what: 'one parcel with its moves, as JSON' },
  { method: 'POST', path: '/simulators/courier/v1/orders', what: "the aggregator's own: books a parcel, once per reference_id" },
  { method: 'GET', path: '/simulators/courier/v1/orders/:orderId', what: "the aggregator's own: all that was said of a parcel" },
  { method: 'POST', path: '/simulators/courier/v1/orders/:orderId/pickup', what: "the aggregator's own: asks for a driver" },
  {
    method: 'POST',
    path: '/simulators/courier/v1/orders/:orderId/cancel',
    what: "the aggregator's own: calls a parcel off, also by its reference_id; 409 once the courier has it",
  },
] as const

const everyMs = 200

/** Opens a courier aggregator with buttons in place of drivers. */
export function openCourierSimulator(options: CourierSimulatorOptions): CourierSimulator {
  const { folder, notificationUrl, secret, clock, log, background } = options
  const memory = remember<Parcel>({ folder, name: 'courier', clock, idOf: ({ trackingNumber }) => trackingNumber })
  const tell = openTelling(notificationUrl)
  const depot = openDepot({ memory, tell, secret, clock, log })
  const loop = background ? startLoop({ name: 'courier simulator', everyMs, run: depot.run }, log) : undefined
  const wake = () => loop?.wake()
  return {
    routes: [...apiRoutes({ memory, depot, secret, clock, wake }), ...peopleRoutes({ memory, depot, wake })],
    run: depot.run,
    nextAt: () => nextNotification(memory.all),
    booked: () =>
      [...memory.all.values()].map(({ referenceId: shipmentId, trackingNumber, status }) => ({
        shipmentId,
        trackingNumber,
        isCalledOff: status === 'cancelled',
      })),
    stop: async () => {
      await loop?.stop()
      await tell.stop()
    },
  }
}
