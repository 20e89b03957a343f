import { likeEach, parseBoundedText } from '@pasar/shared/bounded-text'
import { idPrefixes } from '@pasar/shared/ids'
import { limits } from '@pasar/shared/limits'

/** What somebody looks for among orders: one of them by its id, or patterns that a line of it has all of. */
export type OrderSearch = { readonly orderId: string } | { readonly patterns: readonly string[] }

/** What somebody typed who looks for an order. */
export function parseOrderSearch(raw: string): OrderSearch {
  const text = parseBoundedText(raw, 'search', [1, limits.searchCharactersMax])
  const id = text.toLowerCase()
  return id.startsWith(`${idPrefixes.order}_`) ? { orderId: id } : { patterns: likeEach(text) }
}
