import { readFileSync } from 'node:fs'
import { regencies } from '@pasar/shared/regions'
import { describe, expect, it } from 'vitest'
import { findPlace } from './places.ts'

const code = (text: string): string => {
  const found = findPlace(text)
  return 'regency' in found ? found.regency.code : found.reason
}

const table = JSON.parse(readFileSync(new URL('places-of-shared-file.json', import.meta.url), 'utf8')) as Record<string, string>

const withoutKind = (name: string) => name.replace(/^(Kabupaten|Kota) (Administrasi )?/, '')
const cities = new Set(
  regencies()
    .filter(({ kind }) => kind === 'CITY')
    .map(({ name }) => withoutKind(name)),
)

/** Ways in which people write an official name. */
function spellingsOf(name: string): string[] {
  const bare = withoutKind(name)
  const city = name.startsWith('Kota')
  const kinds = city ? ['Kota', 'KOTA', 'kota', 'Kotamadya'] : ['Kabupaten', 'KAB.', 'Kab', 'kab.']
  const joined = bare.replaceAll(/[^A-Za-z]/g, '')
  const plain = kinds.flatMap((kind) => [
    `${kind} ${bare}`,
    `  ${kind}   ${bare.toUpperCase()} `,
    `${kind} ${joined}`,
    `${kind}${joined}`,
  ])
  const behind = city ? [`${bare} (Kota)`, `${bare}, Kota`] : [`${bare} (Kab.)`, `${bare}, Kab`]
  const administrative = name.includes('Administrasi')
    ? kinds.flatMap((kind) => [`${kind} Adm. ${bare}`, `${kind} ADM ${bare}`])
    : []
  return [name, ...plain, ...behind, ...administrative]
}

describe('places', () => {
  it('knows every regency and city in every spelling that names its kind', () => {
    const wrong = regencies().flatMap(({ code: right, name }) =>
      spellingsOf(name)
        .filter((spelling) => code(spelling) !== right)
        .map((spelling) => `${spelling} → ${code(spelling)}, not ${right}`),
    )
    expect(regencies()).toHaveLength(514)
    expect(wrong).toEqual([])
  })

  it('takes a bare name for the city where there is one of that name, else for the regency', () => {
    const wrong = regencies().flatMap(({ code: right, name, kind }) => {
      const bare = withoutKind(name)
      if (kind === 'REGENCY' && cities.has(bare)) return []
      return [bare, bare.toLowerCase(), bare.replaceAll(/[^A-Za-z]/g, ''), ` ${bare.replace(' ', '  ')}`].filter(
        (spelling) => code(spelling) !== right,
      )
    })
    expect(wrong).toEqual([])
    expect([code('Bandung'), code('Sidoarjo'), code('Kab. Bandung')]).toEqual(['32.73', '35.15', '32.04'])
  })

  it.each([
    ['Kota Palangka Raya', '62.71'],
    ['PALANGKARAYA', '62.71'],
    ['jakarta  utara', '31.72'],
    ['DKI Jakarta Selatan', '31.74'],
    ['Jaksel', '31.74'],
    ['Jkt. Barat', '31.73'],
    ['Kota Adm. Jakarta Pusat', '31.71'],
    ['Kab. Adm. Kep. Seribu', '31.01'],
    ['Kota Tangerang Sel.', '36.74'],
    ['Tangsel', '36.74'],
    ['Kota Jogja', '34.71'],
    ['Kota Baru', '63.02'],
    ['Kab. Kota Baru', '63.02'],
    ['Lima Puluh Kota', '13.07'],
    ['Pangkajene & Kepulauan', '73.10'],
    ['Kab. Pangkajene Kepulauan', '73.10'],
    ['Toli Toli', '72.04'],
    ['Kota Bandung, Jawa Barat', '32.73'],
    ['Sleman, DI Yogyakarta, Indonesia', '34.04'],
  ])('%s is %s', (text, right) => {
    expect(code(text)).toBe(right)
  })

  it.each([
    ['', 'names no place'],
    [' . , ', 'names no place'],
    ['Singapura', 'is no regency or city of Indonesia'],
    ['Jawa Barat', 'is no regency or city of Indonesia'],
    ['Kota Sleman', 'is no regency or city of Indonesia'],
    ['Kab', 'is no regency or city of Indonesia'],
    ['Kota Bandung, Bali', 'is a place in another province (Kota Bandung has the code 32.73)'],
  ])('does not guess what "%s" means', (text, reason) => {
    expect(findPlace(text)).toEqual({ reason })
  })

  it('resolves the 45 spellings of the shared file as the committed table says', () => {
    expect(Object.keys(table)).toHaveLength(45)
    expect(Object.fromEntries(Object.keys(table).map((spelling) => [spelling, code(spelling)]))).toEqual(table)
  })
})
