import { regencyCode } from '@pasar/shared/expectations'
import { limits } from '@pasar/shared/limits'
import { BadInput, problem, type Problem } from '@pasar/shared/problems'
import { findRegency } from '@pasar/shared/regions'
import { parseText } from './text.ts'

/** The parts of a shop that its owner may change. */
export interface ShopProfile {
  readonly name: string
  readonly description: string
  readonly regencyCode: string
}

/** There is no regency or city with this official code. */
export type RegencyUnknown = Problem<'RegencyUnknown', { regencyCode: string }>

/** A shop's word in links. */
export function parseSlug(raw: string): string {
  const slug = raw.trim()
  if (slug.length < 3 || slug.length > 50 || !/^[a-z0-9](?:-?[a-z0-9])+$/.test(slug)) {
    throw new BadInput('slug', {
      id: '3 sampai 50 huruf kecil, angka, dan tanda hubung tunggal di antaranya',
      en: '3 to 50 lower-case letters, digits and single hyphens between them',
    })
  }
  return slug
}

function parseRegencyCode(raw: string): string {
  const code = raw.trim()
  if (!/^\d{2}\.\d{2}$/.test(code)) throw new BadInput('regencyCode', regencyCode)
  return code
}

const parsers: { readonly [P in keyof ShopProfile]: (raw: string) => string } = {
  name: (raw) => parseText(raw, { field: 'name', max: 100 }),
  description: (raw) => parseText(raw, { field: 'description', min: 0, max: limits.textCharactersMax, lines: true }),
  regencyCode: parseRegencyCode,
}

const parts = Object.keys(parsers) as (keyof ShopProfile)[]

/** Checks the parts that are there; an unknown regency is a refusal, everything malformed throws BadInput. */
export function parseShopProfile<P extends { readonly [K in keyof ShopProfile]?: string | null }>(
  raw: P,
): Pick<ShopProfile, keyof P & keyof ShopProfile> | RegencyUnknown {
  const given = parts.flatMap((part) => (raw[part] == null ? [] : [[part, parsers[part](raw[part])] as const]))
  const parsed = Object.fromEntries(given) as Partial<ShopProfile>
  const { regencyCode } = parsed
  if (regencyCode !== undefined && !findRegency(regencyCode)) return problem('RegencyUnknown', { regencyCode })
  return parsed as Pick<ShopProfile, keyof P & keyof ShopProfile>
}
