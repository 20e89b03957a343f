import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a database whose connections can fall silent: what goes into them then is lost, and nobody is told; new ones are let through. */
export async function openSilentWay(to: URL) {
  const ends = new Set<Socket>()
  const server = createServer((from) => {
    const on = connect(Number(to.port), to.hostname)
    const join = (end: Socket, other: Socket) => {
      end.on('error', () => other.destroy()).on('close', () => other.destroy())
      end.pipe(other, { end: false })
      ends.add(end)
    }
    join(from, on)
    join(on, from)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(to)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    fallSilent: () => ends.forEach((end) => end.unpipe().resume()),
    close: () => {
      server.close()
      ends.forEach((end) => end.destroy())
    },
  }
}
