import { parseBoundedText, refuseUnkeepable } from './bounded-text.ts'
import { limits } from './limits.ts'
import { BadInput, inPart } from './problems.ts'

/** A picture and what it shows, for those who do not see it. */
export interface Picture {
  readonly url: string
  readonly altText: string
}

/** A longer address is not one that browsers take. */
const urlCharactersMax = 2_000
const sitePath = /^\/pictures\/[\w./-]+$/

const isSitePath = (url: string): boolean => sitePath.test(url) && !url.includes('..') && !url.includes('//')

/** An address with a name and password in it would show them to everyone. */
const isSecure = (url: string): boolean => /^https:\/\/[^/@\s\\]+(?:[/?#][^\s\\]*)?$/.test(url)

function parseUrl(raw: string): string {
  const url = raw.trim()
  refuseUnkeepable(url, 'url')
  if (url.length <= urlCharactersMax && (isSitePath(url) || isSecure(url))) return url
  throw new BadInput('url', {
    id: `alamat https atau path situs ini yang diawali /pictures/, paling banyak ${urlCharactersMax} karakter`,
    en: `an https address or a path of this site that begins with /pictures/, of at most ${urlCharactersMax} characters`,
  })
}

const parseAltText = (raw: string): string => parseBoundedText(raw, 'altText', [1, limits.nameCharactersMax])

/** Checks pictures that a person names: at most `most` of them, each with an address that anyone may open and a text. */
export function parsePictures(
  raw: readonly Picture[],
  { field, most }: { readonly field: string; readonly most: number },
): Picture[] {
  if (raw.length > most) throw new BadInput(field, { id: `0 sampai ${most} entri`, en: `0 to ${most} entries` })
  return inPart(field, () => raw.map(({ url, altText }) => ({ url: parseUrl(url), altText: parseAltText(altText) })))
}
