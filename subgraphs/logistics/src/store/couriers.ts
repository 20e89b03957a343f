import { listOf, type Order, type Placed } from '@pasar/shared/subgraph/keyset'
import { minorUnits } from '@pasar/shared/money'
import type { Page } from '@pasar/shared/subgraph/page'
import type { SqlSeam } from '@pasar/shared/postgres/seam'
import type { Rate, Service } from '../domain/rates.ts'

/** A company that brings parcels. */
export interface CourierRow {
  readonly id: string
  readonly name: string
}

const byName: Order = {
  columns: [
    { sql: 'name', kind: 'text' },
    { sql: 'id', kind: 'text' },
  ],
  descending: false,
}

/** One page (and one row more) of all couriers. */
export const listCouriers = (db: SqlSeam, page: Page): Promise<Placed<CourierRow>[]> =>
  listOf(db, { columns: 'id, name', from: 'courier', where: 'true', order: byName, page })

const services = `SELECT s.id, s.courier_id AS "courierId", c.name AS "courierName", s.name, s.speed,
    s.within_regency_only AS "withinRegencyOnly", s.max_weight_grams AS "maxWeightGrams", s.min_chargeable_kg AS "minChargeableKg",
    s.volumetric_divisor AS "volumetricDivisor", s.rounding,
    coalesce((SELECT jsonb_agg(jsonb_build_object('zone', r.zone, 'base', r.base, 'perKg', r.per_kg, 'daysMin', r.days_min,
      'daysMax', r.days_max)) FROM courier_rate r WHERE r.service_id = s.id), '[]') AS rates
  FROM courier_service s JOIN courier c ON c.id = s.courier_id ORDER BY c.name, s.name, s.id`

/** A rate as it comes out of JSON. */
type RawRate = Omit<Rate, 'base' | 'perKg'> & { readonly base: number; readonly perKg: number }

/** All services with their rates: a few dozen rows, read in one statement. */
export async function findServices(db: SqlSeam): Promise<readonly Service[]> {
  const rows = await db.$queryRawUnsafe<(Omit<Service, 'rates'> & { rates: RawRate[] })[]>(services)
  return rows.map((row) => ({ ...row, rates: row.rates.map(rateOf) }))
}

const rateOf = (rate: RawRate): Rate => ({ ...rate, base: minorUnits(rate.base), perKg: minorUnits(rate.perKg) })
