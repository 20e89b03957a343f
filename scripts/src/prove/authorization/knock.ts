import { doorClosed } from '@pasar/shared/http/socket-subscription'
import { graphqlPath } from '@pasar/shared/http/transport'
import WebSocket from 'ws'

const silentMs = 10_000

/** No subgraph has such an operation: whoever is let in is told so. */
const subscribe = JSON.stringify({ id: '1', type: 'subscribe', payload: { query: 'subscription { __typename }' } })

/** Opens a socket at a subgraph and asks for something with these connection parameters: whether it was heard, by a frame or by silence. */
export function isHeard(url: string, connectionParams: Readonly<Record<string, string>>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}${graphqlPath}`, 'graphql-transport-ws')
    const end = (heard: boolean) => {
      clearTimeout(silence)
      socket.terminate()
      resolve(heard)
    }
    const silence = setTimeout(() => end(true), silentMs)
    socket.on('error', reject)
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: connectionParams })))
    socket.on('close', (code) => end(code !== doorClosed))
    socket.on('message', (data: Buffer) => {
      const { type } = JSON.parse(String(data)) as { readonly type: string }
      if (type === 'connection_ack') socket.send(subscribe)
      else if (type !== 'ping') end(true)
    })
  })
}
