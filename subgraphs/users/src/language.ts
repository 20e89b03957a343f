import type { Locale } from '@pasar/shared/locale'
import type { Language } from './generated/resolvers.ts'

/** The graph's name of a language, as it is kept. */
export const localeOf = (language: Language): Locale => (language === 'EN' ? 'en' : 'id')

/** A kept language, as the graph names it. */
export const languageOf = (locale: string): Language => (locale === 'en' ? 'EN' : 'ID')
