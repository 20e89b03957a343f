import { connect, createServer, type Socket } from 'node:net'
import type { Stop } from '@pasar/shared/events/bus'

/** A way to PostgreSQL that can lose the reply to a COMMIT: the change is made, and nobody is told. */
export interface CommitProxy {
  /** The database's address through this proxy. */
  readonly url: string
  /** Lets the next COMMIT that succeeds take effect and cuts its connection in place of the reply. */
  dropNext(): void
  /** How many replies to a COMMIT that took effect were dropped so far. */
  dropped(): number
  stop: Stop
}

/** The end of a simple query's text. */
const commit = Buffer.from('COMMIT\0')
/** The server's word that it has committed, CommandComplete with its length; one that could not says ROLLBACK or why. */
const committed = Buffer.from('C\0\0\0\x0bCOMMIT\0', 'latin1')
/** What a reply ends with, before one byte that says how the transaction stands. */
const ready = Buffer.from('Z\0\0\0\x05', 'latin1')

const isWhole = (reply: Buffer) => reply.subarray(-ready.length - 1, -1).equals(ready)

/** How many replies are to be lost yet, and how many were. */
interface Losses {
  armed: number
  dropped: number
}

/** Carries one client's connection on to the server, less the replies that get lost. */
function join(client: Socket, upstream: Socket, losses: Losses): void {
  let held: Buffer | undefined
  const cut = () => {
    client.destroy()
    upstream.destroy()
  }
  // Whoever's COMMIT did not take effect has lost no reply to it: the next one does.
  const giveBack = () => {
    if (held) losses.armed += 1
    held = undefined
  }
  for (const socket of [client, upstream]) {
    socket.setNoDelay(true)
    socket.on('error', cut)
    socket.on('close', () => {
      cut()
      giveBack()
    })
  }
  client.on('data', (chunk) => {
    if (losses.armed > 0 && !held && chunk.includes(commit)) {
      losses.armed -= 1
      held = Buffer.alloc(0)
    }
    upstream.write(chunk)
  })
  upstream.on('data', (chunk) => {
    if (!held) {
      client.write(chunk)
      return
    }
    held = Buffer.concat([held, chunk])
    if (!isWhole(held)) return
    if (held.includes(committed)) {
      held = undefined
      losses.dropped += 1
      cut()
    } else {
      client.write(held)
      giveBack()
    }
  })
}

/** Opens a proxy in front of a PostgreSQL server. */
export async function openCommitProxy(databaseUrl: string): Promise<CommitProxy> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  const losses: Losses = { armed: 0, dropped: 0 }
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    }
    join(client, upstream, losses)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(databaseUrl)
  url.port = String((server.address() as { readonly port: number }).port)
  return {
    url: url.href,
    dropNext: () => (losses.armed += 1),
    dropped: () => losses.dropped,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
