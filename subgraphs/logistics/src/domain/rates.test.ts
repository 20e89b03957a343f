import { minorUnits } from '@pasar/shared/money'
import { describe, expect, it } from 'vitest'
import { offers, quote, type Journey, type Service } from './rates.ts'
import { zoneOf } from './zones.ts'

const service: Service = {
  id: 'jne_reg',
  courierId: 'jne',
  courierName: 'JNE',
  name: 'Reguler',
  speed: 'REGULAR',
  withinRegencyOnly: false,
  maxWeightGrams: 20_000,
  minChargeableKg: 1,
  volumetricDivisor: 6000,
  rounding: 'JNE',
  rates: [
    { zone: 'REGENCY', base: minorUnits(1_000), perKg: minorUnits(9_000), daysMin: 1, daysMax: 2 },
    { zone: 'ISLANDS', base: minorUnits(0), perKg: minorUnits(18_000), daysMin: 2, daysMax: 3 },
  ],
}

const journey: Journey = { originRegencyCode: '31.73', destinationRegencyCode: '31.73', weightGrams: 1310, volumeCubicCm: 0 }

describe('the zone of a way', () => {
  it.each([
    ['31.73', '31.73', 'REGENCY'],
    ['31.73', '31.74', 'PROVINCE'],
    ['31.73', '35.78', 'ISLANDS'],
    ['12.71', '21.71', 'ISLANDS'],
    ['31.73', '51.71', 'FAR'],
    ['73.71', '91.71', 'FAR'],
  ])('from %s to %s is %s', (origin, destination, zone) => expect(zoneOf(origin, destination)).toBe(zone))
})

describe('a quote', () => {
  it('is the base and so much for each charged kilogram', () =>
    expect(quote(service, journey)).toEqual({
      serviceId: 'jne_reg',
      cost: 19_000n,
      chargeableKg: 2,
      etdDaysMin: 1,
      etdDaysMax: 2,
    }))

  it.each([
    [{ destinationRegencyCode: '99.99' }, 'UNKNOWN_REGION'],
    [{ destinationRegencyCode: '51.71' }, 'NOT_OFFERED'],
    [{ weightGrams: 20_001 }, 'TOO_HEAVY'],
    [{ volumeCubicCm: 2 ** 31 - 1 }, 'TOO_HEAVY'],
    [{ weightGrams: 0 }, 'NOT_OFFERED'],
  ])('for %o is refused: %s', (change, reason) => expect(quote(service, { ...journey, ...change })).toBe(reason))

  it('of an instant service stays within the regency', () => {
    const instant = { ...service, withinRegencyOnly: true }
    expect(quote(instant, { ...journey, destinationRegencyCode: '35.78' })).toBe('NOT_OFFERED')
    expect(quote(instant, journey)).toMatchObject({ cost: 19_000n })
  })
})

it('offers come cheapest first, the quicker of two equals first, without those that do not go there', () => {
  const [rate] = service.rates
  const variant = (id: string, change: object): Service => ({ ...service, id, rates: [{ ...rate!, ...change }] })
  const services = [
    variant('slow', { daysMax: 9 }),
    variant('dear', { base: minorUnits(90_000) }),
    variant('quick', { daysMax: 1 }),
    variant('far', { zone: 'FAR' }),
  ]
  expect(offers(services, journey).map(({ serviceId }) => serviceId)).toEqual(['quick', 'slow', 'dear'])
})
