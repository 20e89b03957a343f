import { provinces, regencies, type Regency } from '@pasar/shared/regions'
import { otherNames, shortWords } from './place-words.ts'

/** A place that was recognised, or why it was not. */
export type FoundPlace = { readonly regency: Regency } | { readonly reason: string }

type Kind = Regency['kind']

const lazily = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

/** Words in lower case without accents and punctuation; "dan" and "&" are said or left out at will. */
const wordsOf = (text: string): string[] =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && word !== 'dan')

/** What is compared: letters and digits only, so that it does not matter where somebody puts a blank. */
const folded = (text: string): string => wordsOf(text).join('')

const withoutKind = (name: string): string => name.replace(/^(?:Kabupaten|Kota) (?:Administrasi )?/, '')

const regencyIndex = lazily(() => {
  const index: Record<Kind, Map<string, Regency>> = { CITY: new Map(), REGENCY: new Map() }
  for (const regency of regencies()) index[regency.kind].set(folded(withoutKind(regency.name)), regency)
  return index
})

const provinceCodes = lazily(
  () =>
    new Map(
      provinces().flatMap(({ code, name }) => {
        const plain = folded(name)
        const short = plain.replace(/^(?:daerahkhususibukota|daerahistimewa|kepulauan)/, '')
        return [plain, short, `dki${short}`, `di${short}`, `daerahkhusus${short}`].map((spelling) => [spelling, code] as const)
      }),
    ),
)

/** One way to understand a spelling: a name, with the kind that was written before or behind it. */
interface Reading {
  readonly name: string
  readonly kind?: Kind
}

const kindOf = (word: string): Kind => (word.startsWith('kab') ? 'REGENCY' : 'CITY')

/** Ways to understand a folded spelling, the likeliest first: Kotabaru is a name although it begins like a city. */
function readingsOf(text: string): Reading[] {
  const before = /^(kabupaten|kabup|kab|kotamadya|kodya|kota)(?:administrasi|administratif|adm)?(.+)$/.exec(text)
  const bare = /^(?:administrasi|administratif|adm)?(.+)$/.exec(text)
  const behind = /^(.+?)(?:administrasi|adm)?(kabupaten|kab|kotamadya|kota)$/.exec(text)
  return [
    ...(before ? [{ kind: kindOf(before[1]!), name: before[2]! }] : []),
    ...(bare ? [{ name: bare[1]! }] : []),
    ...(behind ? [{ kind: kindOf(behind[2]!), name: behind[1]! }] : []),
  ]
}

/** A name without a kind is the city where there is one of that name, else the regency. */
function lookUp({ name: written, kind }: Reading): Regency | undefined {
  const name = otherNames[written] ?? written
  const { CITY, REGENCY } = regencyIndex()
  if (kind) return regencyIndex()[kind].get(name)
  return CITY.get(name) ?? REGENCY.get(name)
}

/** "Kota Bandung, Jawa Barat, Indonesia": what follows the first comma may say where that is. */
function split(text: string): { readonly words: readonly string[]; readonly provinceCode?: string | undefined } {
  const parts = text.split(',').filter((part) => !['', 'indonesia'].includes(folded(part)))
  const provinceCode = parts.length > 1 ? provinceCodes().get(folded(parts.at(-1)!)) : undefined
  const words = wordsOf((provinceCode === undefined ? parts : parts.slice(0, -1)).join(' '))
  return { words: words[0] === 'dki' ? words.slice(1) : words, provinceCode }
}

/** The regency or city that a person means, however they write it. */
export function findPlace(text: string): FoundPlace {
  const { words, provinceCode } = split(text)
  if (words.length === 0) return { reason: 'names no place' }
  const spellings = [words.join(''), words.map((word) => shortWords[word] ?? word).join('')]
  for (const spelling of spellings) {
    const regency = readingsOf(spelling)
      .map(lookUp)
      .find((found) => found !== undefined)
    if (!regency) continue
    if (provinceCode === undefined || regency.provinceCode === provinceCode) return { regency }
    return { reason: `is a place in another province (${regency.name} has the code ${regency.code})` }
  }
  return { reason: 'is no regency or city of Indonesia' }
}
