import { acceptedValues } from './accept.ts'

/** The languages in which people are spoken to; Indonesian is the default. */
export type Locale = 'id' | 'en'

/** One text for people, in every language we speak. */
export type Texts = Readonly<Record<Locale, string>>

/** A text whose languages differ only in parts that are texts themselves. */
export const inEveryLanguage = (write: (locale: Locale) => string): Texts => ({ id: write('id'), en: write('en') })

/** The language that an Accept-Language header likes best among ours. Nothing acceptable, nothing parsable, nothing sent: Indonesian. */
export function negotiateLocale(header: string | undefined): Locale {
  if (header === undefined) return 'id'
  const accepted = acceptedValues(header)
  const refused = new Set(accepted.filter(({ quality }) => quality === 0).map(({ value }) => language(value)))
  const best = accepted.find(({ value, quality }) => quality > 0 && (isLocale(language(value)) || value === '*'))
  if (best === undefined) return 'id'
  if (best.value === '*') return refused.has('id') ? 'en' : 'id'
  return language(best.value) === 'en' ? 'en' : 'id'
}

/** `in` is the code that Java and old Android still send for Indonesian. */
function language(range: string): string {
  const primary = range.split('-')[0] ?? ''
  return primary === 'in' ? 'id' : primary
}

function isLocale(text: string): text is Locale {
  return text === 'id' || text === 'en'
}
