import WebSocket from 'ws'

/** What the process of many listeners is told. */
export interface ListenersTask {
  readonly url: string
  readonly query: string
  readonly variables: object
  readonly sockets: number
  readonly frames: number
}

/** What it has heard. */
export interface Heard {
  readonly deliveries: number
  /** Between the first delivery and the last one. */
  readonly ms: number
  /** Deliveries that were not, byte by byte, what the first listener got at that place. */
  readonly different: number
  /** What the first listener got. */
  readonly texts: readonly string[]
}

const payloadMark = '"payload":'

/** Opens sockets that subscribe to the same, says `ready` when all have been acknowledged, and in the end what it has heard. */
function listen({ url, query, variables, sockets, frames }: ListenersTask): void {
  const texts: string[] = []
  let deliveries = 0
  let different = 0
  let firstAt = 0
  let ready = 0
  const take = (text: string, index: number) => {
    if (deliveries === 0) firstAt = performance.now()
    const payload = text.slice(text.indexOf(payloadMark) + payloadMark.length, -1)
    if (texts[index] === undefined) texts[index] = payload
    else if (texts[index] !== payload) different += 1
    deliveries += 1
    if (deliveries < sockets * frames) return
    const heard: Heard = { deliveries, ms: performance.now() - firstAt, different, texts }
    process.send?.({ heard })
  }
  for (let number = 0; number < sockets; number += 1) {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    let index = 0
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { 'accept-language': 'en' } })))
    socket.on('message', (data: Buffer) => {
      const text = data.toString()
      if (text.startsWith('{"type":"connection_ack"')) {
        socket.send(JSON.stringify({ id: String(number), type: 'subscribe', payload: { query, variables } }))
        // The answer to a ping comes behind what was asked before it.
        socket.send(JSON.stringify({ type: 'ping' }))
      } else if (text.startsWith('{"type":"pong"')) {
        ready += 1
        if (ready === sockets) process.send?.({ ready })
      } else {
        take(text, index)
        index += 1
      }
    })
    socket.on('error', (error) => process.send?.({ failed: String(error) }))
    socket.on('close', (code, reason) => process.send?.({ failed: `${code} ${String(reason)}` }))
  }
}

process.once('disconnect', () => process.exit())
process.once('message', (task) => listen(task as ListenersTask))
