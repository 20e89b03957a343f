import { GraphQLScalarType, Kind } from 'graphql'
import { exactWholeNumber } from '../expectations.ts'
import type { Texts } from '../locale.ts'
import { formatMoney, minorUnits, type Money } from '../money.ts'
import { BadInput } from '../problems.ts'
import { findProvince, findRegency, type District, type Regency } from '../regions.ts'

const minorUnitsScalar = new GraphQLScalarType<bigint, number>({
  name: 'MinorUnits',
  serialize: (value) => Number(minorUnits(value as bigint)),
  parseValue: (value) => {
    if (typeof value !== 'number') throw new BadInput('MinorUnits', exactWholeNumber)
    return minorUnits(value, 'MinorUnits')
  },
  parseLiteral: (node) => {
    if (node.kind !== Kind.INT) throw new BadInput('MinorUnits', exactWholeNumber)
    return minorUnits(BigInt(node.value), 'MinorUnits')
  },
})

const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/

const timeWithOffset: Texts = {
  id: 'waktu ISO 8601 dengan selisih zona, misalnya 2026-12-12T00:00:00+07:00',
  en: 'an ISO 8601 time with its offset, such as 2026-12-12T00:00:00+07:00',
}

const parseTime = (value: unknown): Date => {
  const time = typeof value === 'string' && isoTime.test(value) ? new Date(value) : undefined
  if (!time || Number.isNaN(time.getTime())) throw new BadInput('DateTime', timeWithOffset)
  return time
}

const dateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  serialize: (value) => (value instanceof Date ? value : parseTime(value)).toISOString(),
  parseValue: parseTime,
  parseLiteral: (node) => parseTime(node.kind === Kind.STRING ? node.value : undefined),
})

/** Resolvers of what schema/common.graphql declares. */
export const commonResolvers = {
  MinorUnits: minorUnitsScalar,
  DateTime: dateTimeScalar,
  Money: { formatted: (money: Money) => formatMoney(money) },
  Regency: { province: ({ provinceCode }: Regency) => findProvince(provinceCode)! },
  District: { regency: ({ regencyCode }: District) => findRegency(regencyCode)! },
}
