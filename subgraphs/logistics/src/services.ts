import type { Clock } from '@pasar/shared/clock'
import type { SqlSeam } from '@pasar/shared/postgres/seam'
import type { Service } from './domain/rates.ts'
import { findServices } from './store/couriers.ts'

const keptMs = 60_000

/** All services with their rates, read again after a minute: they change with migrations only, and every cart asks for them several times. */
export function openServices(db: SqlSeam, clock: Clock): () => Promise<readonly Service[]> {
  let read: { readonly until: number; readonly services: Promise<readonly Service[]> } | undefined
  return () => {
    const now = clock.now().getTime()
    if (read && now < read.until) return read.services
    const services = findServices(db)
    const current = { until: now + keptMs, services }
    read = current
    services.catch(() => {
      if (read === current) read = undefined
    })
    return services
  }
}
