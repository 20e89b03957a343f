import { districtCode, fiveDigits } from '@pasar/shared/expectations'
import { BadInput } from '@pasar/shared/problems'
import { findDistrict } from '@pasar/shared/regions'
import { bounds } from './bounds.ts'
import { optionally, parseText, said } from './input.ts'

/** What a seller says of a warehouse; the regency follows from the district. */
export interface WarehouseFields {
  readonly name: string
  readonly contactName: string
  readonly phone: string
  readonly street: string
  readonly districtCode: string
  readonly regencyCode: string
  readonly postalCode: string
}

/** What a client sends of a warehouse. */
export type RawWarehouse = Omit<WarehouseFields, 'regencyCode'>

/** What a client sends to change a warehouse. */
export type RawWarehouseChanges = { readonly [K in keyof RawWarehouse]?: RawWarehouse[K] | null }

/** A new warehouse. */
export const parseWarehouse = (raw: RawWarehouse): WarehouseFields => ({
  name: parseText(raw.name, 'name'),
  contactName: parseText(raw.contactName, 'contactName'),
  phone: parsePhone(raw.phone),
  street: parseStreet(raw.street),
  ...parseDistrict(raw.districtCode),
  postalCode: parsePostalCode(raw.postalCode),
})

/** The changes of a warehouse that were said. */
export const parseWarehouseChanges = (raw: RawWarehouseChanges) =>
  said({
    name: optionally(raw.name, (name) => parseText(name, 'name')),
    contactName: optionally(raw.contactName, (name) => parseText(name, 'contactName')),
    phone: optionally(raw.phone, parsePhone),
    street: optionally(raw.street, parseStreet),
    ...optionally(raw.districtCode, parseDistrict),
    postalCode: optionally(raw.postalCode, parsePostalCode),
  })

const parseStreet = (raw: string): string => parseText(raw, 'street', { max: bounds.streetCharactersMax })

function parsePhone(raw: string): string {
  const phone = raw.replaceAll(/[\s().-]/g, '')
  if (!/^\+?\d{8,15}$/.test(phone))
    throw new BadInput('phone', { id: '8 sampai 15 angka, boleh diawali +', en: '8 to 15 digits with an optional + in front' })
  return phone
}

function parseDistrict(raw: string): Pick<WarehouseFields, 'districtCode' | 'regencyCode'> {
  const district = findDistrict(raw.trim())
  if (!district) throw new BadInput('districtCode', districtCode)
  return { districtCode: district.code, regencyCode: district.regencyCode }
}

function parsePostalCode(raw: string): string {
  const code = raw.trim()
  if (!/^[1-9]\d{4}$/.test(code)) throw new BadInput('postalCode', fiveDigits)
  return code
}
