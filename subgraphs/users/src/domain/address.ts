import { districtCode, fiveDigits } from '@pasar/shared/expectations'
import { limits } from '@pasar/shared/limits'
import { BadInput, problem, type Problem } from '@pasar/shared/problems'
import { findDistrict } from '@pasar/shared/regions'
import { parsePhone } from './phone.ts'
import { parseText } from './text.ts'

/** The parts of an address that its owner writes. */
export interface AddressParts {
  readonly label: string
  readonly recipient: string
  readonly phone: string
  readonly street: string
  readonly districtCode: string
  readonly postalCode: string
}

/** There is no district with this official code. */
export type DistrictUnknown = Problem<'DistrictUnknown', { districtCode: string }>

function parsePostalCode(raw: string): string {
  const code = raw.trim()
  if (!/^\d{5}$/.test(code)) throw new BadInput('postalCode', fiveDigits)
  return code
}

function parseDistrictCode(raw: string): string {
  const code = raw.trim()
  if (!/^\d{2}\.\d{2}\.\d{2}$/.test(code)) throw new BadInput('districtCode', districtCode)
  return code
}

const parsers: { readonly [P in keyof AddressParts]: (raw: string) => string } = {
  label: (raw) => parseText(raw, { field: 'label', max: 50 }),
  recipient: (raw) => parseText(raw, { field: 'recipient', max: limits.nameCharactersMax }),
  phone: parsePhone,
  street: (raw) => parseText(raw, { field: 'street', min: 5, max: 500, lines: true }),
  districtCode: parseDistrictCode,
  postalCode: parsePostalCode,
}

const parts = Object.keys(parsers) as (keyof AddressParts)[]

/** Checks the parts that are there; an unknown district is a refusal, everything malformed throws BadInput. */
export function parseAddress<P extends { readonly [K in keyof AddressParts]?: string | null }>(
  raw: P,
): Pick<AddressParts, keyof P & keyof AddressParts> | DistrictUnknown {
  const given = parts.flatMap((part) => (raw[part] == null ? [] : [[part, parsers[part](raw[part])] as const]))
  const parsed = Object.fromEntries(given) as Partial<AddressParts>
  const { districtCode } = parsed
  if (districtCode !== undefined && !findDistrict(districtCode)) return problem('DistrictUnknown', { districtCode })
  return parsed as Pick<AddressParts, keyof P & keyof AddressParts>
}

/** The regency or city of a district, by its code. */
export const regencyCodeOf = (districtCode: string): string => districtCode.slice(0, 5)
