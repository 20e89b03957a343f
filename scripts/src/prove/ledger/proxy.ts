import { connect, createServer, type Socket } from 'node:net'
import type { Stop } from '@pasar/shared/bus'

/** A way to PostgreSQL that can lose the reply to a COMMIT: the change is made, and nobody is told. */
export interface CommitProxy {
  /** The database's address through this proxy. */
  readonly url: string
  /** Lets the next COMMIT that passes through take effect and cuts its connection in place of the reply. */
  dropNext(): void
  /** How many replies were dropped so far. */
  dropped(): number
  stop: Stop
}

/** A simple query, `Q` with its length, whose text is COMMIT. */
const commit = Buffer.from('COMMIT\0')

/** Opens a proxy in front of a PostgreSQL server. */
export async function openCommitProxy(databaseUrl: string): Promise<CommitProxy> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let armed = 0
  let dropped = 0
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    let cutsReply = false
    const cut = () => {
      client.destroy()
      upstream.destroy()
    }
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.setNoDelay(true)
      socket.on('error', cut)
      socket.on('close', () => {
        sockets.delete(socket)
        cut()
      })
    }
    client.on('data', (chunk) => {
      if (armed > 0 && chunk.includes(commit)) {
        armed -= 1
        cutsReply = true
      }
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => {
      if (!cutsReply) {
        client.write(chunk)
        return
      }
      // What comes now is the reply: the server has committed.
      dropped += 1
      cut()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(databaseUrl)
  url.port = String((server.address() as { readonly port: number }).port)
  return {
    url: url.href,
    dropNext: () => (armed += 1),
    dropped: () => dropped,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
