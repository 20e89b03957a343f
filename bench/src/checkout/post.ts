import { once } from 'node:events'
import { Agent, request, type IncomingMessage } from 'node:http'
import { json } from 'node:stream/consumers'
import type { Post } from '@pasar/scripts/demo/client'

const withinMs = 20_000

/** Posts over connections that stay open: fetch costs several times as much, on a processor that the databases need. */
export function postKeptAlive(): Post {
  const agent = new Agent({ keepAlive: true })
  return async (url, headers, body) => {
    const text = JSON.stringify(body)
    const about = { 'content-type': 'application/json', accept: 'application/json', 'content-length': Buffer.byteLength(text) }
    const signal = AbortSignal.timeout(withinMs)
    const asked = request(url, { method: 'POST', agent, headers: { ...about, ...headers }, signal }).end(text)
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    return json(response)
  }
}
