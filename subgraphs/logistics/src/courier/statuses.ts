import type { Scan } from '../domain/shipment.ts'

/** The aggregator's words, and what they mean here. */
export const statuses: Readonly<Record<string, Scan>> = {
  confirmed: 'CONFIRMED',
  scheduled: 'CONFIRMED',
  allocated: 'ALLOCATED',
  picking_up: 'PICKING_UP',
  picked: 'PICKED',
  dropping_off: 'DROPPING_OFF',
  delivered: 'DELIVERED',
  on_hold: 'ON_HOLD',
  return_in_transit: 'RETURN_IN_TRANSIT',
  returned: 'RETURNED',
  cancelled: 'CANCELLED',
  rejected: 'CANCELLED',
  courier_not_found: 'CANCELLED',
  disposed: 'LOST',
  lost: 'LOST',
}
