import { openPost, type Post as Way } from '@pasar/shared/http/post'
import type { Post } from '@pasar/scripts/demo/client'

const limits = { deadlineMs: 20_000, responseBytesMax: 1_000_000, inFlightMax: 1_000, connectionsMax: 1_000 }

/** Posts over connections that stay open, by the router's own client: any other takes more of a processor that the databases need. */
export function postKeptAlive(): Post {
  const ways = new Map<string, Way>()
  return async (url, headers, body) => {
    const way = ways.get(url) ?? openPost(url, limits)
    ways.set(url, way)
    const { text } = await way(headers, JSON.stringify(body))
    return JSON.parse(text) as unknown
  }
}
