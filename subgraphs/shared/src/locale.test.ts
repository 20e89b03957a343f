import { describe, expect, it } from 'vitest'
import { acceptedValues } from './accept.ts'
import { negotiateLocale } from './locale.ts'

describe('the language a visitor is answered in', () => {
  it.each([
    ['nothing said', undefined, 'id'],
    ['an empty header', '', 'id'],
    ['Indonesian of Indonesia', 'id-ID,id;q=0.9,en-US;q=0.8,en;q=0.7', 'id'],
    ['American English', 'en-US,en;q=0.9', 'en'],
    ['English before Indonesian by quality, not by order', 'id;q=0.4, en;q=0.8', 'en'],
    ['equal qualities: the first', 'en, id', 'en'],
    ['a language we do not speak, then English', 'fr-FR,fr;q=0.9,en;q=0.5', 'en'],
    ['only languages we do not speak', 'fr,de;q=0.9', 'id'],
    ['English refused', 'en;q=0', 'id'],
    ['anything', '*', 'id'],
    ['anything but Indonesian', 'id;q=0, *', 'en'],
    ['French, else anything, English last', 'fr, *;q=0.5, en;q=0.1', 'id'],
    ['the old code for Indonesian', 'in-ID,en;q=0.5', 'id'],
    ['capitals and blanks', ' EN-gb ; Q=0.9 ', 'en'],
    ['a quality that is no number', 'en;q=high, id;q=0.1', 'id'],
    ['nonsense', ';;,,=;q', 'id'],
    ['a word that only begins like a language', 'english', 'id'],
  ])('%s', (_, header, locale) => {
    expect(negotiateLocale(header)).toBe(locale)
  })

  it('reads no more of a header than a browser would send', () => {
    expect(acceptedValues('en,'.repeat(100_000))).toHaveLength(32)
  })
})
