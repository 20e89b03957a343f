import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** A province (provinsi): code such as `31`. */
export interface Province {
  readonly code: string
  readonly name: string
}

/** A regency (kabupaten) or city (kota): code such as `31.73`, name such as `Kota Jakarta Barat`. */
export interface Regency {
  readonly code: string
  readonly provinceCode: string
  readonly name: string
  readonly kind: 'REGENCY' | 'CITY'
}

/** A district (kecamatan): code such as `31.73.05`. */
export interface District {
  readonly code: string
  readonly regencyCode: string
  readonly name: string
}

const resultsMax = 20

const lazily = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

/** The package's own reader wants a newer Node and is asynchronous; its files are plain CSV without line breaks inside of values. */
const rowsOf = (file: string): string[][] => {
  const path = createRequire(import.meta.url).resolve(`idn-area-data/data/${file}.csv`)
  return readFileSync(path, 'utf8').trimEnd().split(/\r?\n/).slice(1).map(cellsOf)
}

const cellsOf = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )

const collator = new Intl.Collator('id')
const byName = (a: { readonly name: string }, b: { readonly name: string }) => collator.compare(a.name, b.name)

const indexed = <T extends { readonly code: string; readonly name: string }>(
  rows: readonly T[],
  parentOf: (row: T) => string,
) => {
  const children = new Map<string, T[]>()
  for (const row of rows.toSorted(byName)) {
    const siblings = children.get(parentOf(row))
    if (siblings) siblings.push(row)
    else children.set(parentOf(row), [row])
  }
  return { all: rows, byCode: new Map(rows.map((row) => [row.code, row])), children }
}

const provinceIndex = lazily(() =>
  indexed(
    rowsOf('provinces').map(([code = '', name = '']): Province => ({ code, name })),
    () => '',
  ),
)

const regencyIndex = lazily(() =>
  indexed(
    rowsOf('regencies').map(([code = '', provinceCode = '', name = '']): Regency => ({
      code,
      provinceCode,
      name,
      kind: kindOf(code),
    })),
    ({ provinceCode }) => provinceCode,
  ),
)

const districtIndex = lazily(() =>
  indexed(
    rowsOf('districts').map(([code = '', regencyCode = '', name = '']): District => ({ code, regencyCode, name })),
    ({ regencyCode }) => regencyCode,
  ),
)

/** Official numbering: from 71 on, the second part of a code is a city. */
const kindOf = (code: string): Regency['kind'] => (Number(code.slice(3)) >= 71 ? 'CITY' : 'REGENCY')

/** All provinces, by name. */
export const provinces = (): readonly Province[] => provinceIndex().children.get('') ?? []

/** The province with this official code. */
export const findProvince = (code: string): Province | undefined => provinceIndex().byCode.get(code)

/** The regency or city with this official code. */
export const findRegency = (code: string): Regency | undefined => regencyIndex().byCode.get(code)

/** The district with this official code. */
export const findDistrict = (code: string): District | undefined => districtIndex().byCode.get(code)

/** All regencies and cities, in the order of their codes. */
export const regencies = (): readonly Regency[] => regencyIndex().all

/** Regencies and cities of a province, by name; none for a code that is not one. */
export const regenciesOf = (provinceCode: string): readonly Regency[] => regencyIndex().children.get(provinceCode) ?? []

/** Districts of a regency or city, by name; none for a code that is not one. */
export const districtsOf = (regencyCode: string): readonly District[] => districtIndex().children.get(regencyCode) ?? []

/** What is compared: letters and digits only, so that Palangka Raya finds Palangkaraya. */
const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')

const searchable = lazily(() =>
  regencies().map((regency) => ({
    regency,
    full: folded(regency.name),
    bare: folded(regency.name.replace(/^(Kabupaten|Kota) (Administrasi )?/, '')),
  })),
)

const rankOf = ({ full, bare }: { readonly full: string; readonly bare: string }, wanted: string): number => {
  if (full === wanted || bare === wanted) return 0
  if (full.startsWith(wanted) || bare.startsWith(wanted)) return 1
  return bare.includes(wanted) ? 2 : 3
}

/** Regencies and cities whose name holds the text, best first, cities before regencies, at most 20. `Kab` and `Kab.` stand for Kabupaten. */
export function searchRegencies(text: string): readonly Regency[] {
  const wanted = folded(text.trim().replace(/^kab(?:\.\s*|\s+)/i, 'Kabupaten '))
  if (wanted === '') return []
  const found = searchable().map((entry) => ({ ...entry, rank: rankOf(entry, wanted) }))
  const order = (kind: Regency['kind']) => (kind === 'CITY' ? 0 : 1)
  return found
    .filter(({ rank }) => rank < 3)
    .toSorted((a, b) => a.rank - b.rank || order(a.regency.kind) - order(b.regency.kind) || byName(a.regency, b.regency))
    .slice(0, resultsMax)
    .map(({ regency }) => regency)
}
