import type { Stop } from '@pasar/shared/events/bus'
import { openPost } from '@pasar/shared/http/post'
import type { GraphAnswer } from '../graph-answer.ts'

/** A way to a market over connections that stay; cheap, because the buyers share the market's processors. */
export interface Door {
  /** Sends an operation through the router. Rejects where there is no answer, or none that can be read. */
  readonly post: (body: string, headers: Readonly<Record<string, string>>) => Promise<GraphAnswer>
  readonly stop: Stop
}

/** Every buyer has a connection. */
const doorLimits = { deadlineMs: 30_000, responseBytesMax: 1_000_000, inFlightMax: 100_000, connectionsMax: 100_000 }

/** Opens a way to a market. */
export function openDoor(url: string): Door {
  const send = openPost(`${url}/graphql`, doorLimits)
  return {
    post: async (body, headers) => {
      const { status, text } = await send({ 'accept-language': 'en', ...headers }, body)
      return { status, ...(JSON.parse(text) as object) }
    },
    stop: () => send.stop(),
  }
}
