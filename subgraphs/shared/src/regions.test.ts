import { describe, expect, it } from 'vitest'
import {
  districtsOf,
  findDistrict,
  findProvince,
  findRegency,
  provinces,
  regencies,
  regenciesOf,
  searchRegencies,
} from './regions.ts'

describe('official regions', () => {
  it('knows every province, regency and city of Indonesia', () => {
    expect(provinces()).toHaveLength(38)
    expect(regencies()).toHaveLength(514)
    expect(regencies().filter(({ kind }) => kind === 'CITY')).toHaveLength(98)
  })

  it('finds places by their codes with dots', () => {
    expect(findProvince('31')?.name).toContain('Jakarta')
    expect(findRegency('31.73')).toMatchObject({ provinceCode: '31', name: 'Kota Administrasi Jakarta Barat', kind: 'CITY' })
    expect(findDistrict('31.73.05')).toMatchObject({ regencyCode: '31.73' })
  })

  it('calls a regency a regency and a city a city, as their names do', () => {
    for (const { name, kind } of regencies()) expect([name, name.startsWith('Kota') ? 'CITY' : 'REGENCY']).toEqual([name, kind])
  })

  it('knows nothing of codes that do not exist or have another form', () => {
    for (const code of ['99', '3173', '31.99', '', '__proto__']) expect(findRegency(code)).toBeUndefined()
    expect(findDistrict('31.73.99')).toBeUndefined()
    expect(regenciesOf('99')).toEqual([])
    expect(districtsOf('31')).toEqual([])
  })

  it('leads from every province to its districts and back', () => {
    for (const province of provinces()) {
      for (const regency of regenciesOf(province.code)) {
        expect(regency.provinceCode).toBe(province.code)
        for (const district of districtsOf(regency.code)) expect(findDistrict(district.code)).toBe(district)
      }
    }
    expect(regenciesOf('31').map(({ name }) => name)).toContain('Kota Administrasi Jakarta Barat')
  })

  it('reads names with quotation marks as they are', () => {
    expect(findDistrict('35.29.22')?.name).toBe('Ra"as')
  })

  it('finds places as people type them', () => {
    expect(
      searchRegencies('bandung')
        .map(({ name }) => name)
        .slice(0, 2),
    ).toEqual(['Kota Bandung', 'Kabupaten Bandung'])
    expect(searchRegencies('Kab Bandung')[0]?.name).toBe('Kabupaten Bandung')
    expect(searchRegencies('Kab. Bandung')[0]?.name).toBe('Kabupaten Bandung')
    expect(searchRegencies('palangka raya')[0]?.name).toBe('Kota Palangkaraya')
    expect(searchRegencies('jakarta barat')[0]?.code).toBe('31.73')
    expect(searchRegencies('   ')).toEqual([])
    expect(searchRegencies('a')).toHaveLength(20)
  })
})
