import { connect as connectPlain, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { AnswerReader, type WholeAnswer } from './answer.ts'

/** What a connection tells whoever opened it. */
export interface ConnectionEvents {
  onAnswer(connection: Connection, answer: WholeAnswer): void
  /** It has ended, and will not be used again. */
  onLost(connection: Connection, error: Error): void
}

/** One kept-alive connection that carries one request at a time. */
export interface Connection {
  send(head: string, body: string): void
  /** Ends it at once; tells nobody. */
  close(): void
}

const readBytes = 64 * 1024

/** Opens a connection. What is sent before it stands goes out when it does. */
export function openConnection(url: URL, answerBytesMax: number, events: ConnectionEvents): Connection {
  const reader = new AnswerReader(answerBytesMax)
  let lost = false
  let asked = false
  const lose = (error: Error) => {
    if (lost) return
    lost = true
    socket.destroy()
    events.onLost(connection, error)
  }
  const tell = (answer: WholeAnswer) => {
    asked = false
    events.onAnswer(connection, answer)
  }
  const take = (piece: Buffer) => {
    if (lost) return
    if (!asked) return lose(new Error('an answer to nothing'))
    let answer: WholeAnswer | undefined
    try {
      answer = reader.take(piece)
    } catch (error) {
      return lose(error as Error)
    }
    if (answer) tell(answer)
  }
  const socket = openSocket(url, take)
  const connection: Connection = {
    send(head, body) {
      asked = true
      write(socket, head, body)
    },
    close() {
      lost = true
      socket.destroy()
    },
  }
  socket.setNoDelay(true)
  socket.on('end', () => {
    const answer = lost ? undefined : reader.end()
    if (answer) tell(answer)
    lose(new Error(reader.begun ? 'the connection ended within an answer' : 'the connection ended without an answer'))
  })
  socket.on('error', lose)
  socket.on('close', () => lose(new Error('the connection was closed')))
  return connection
}

/** Over plain TCP everything is read into one buffer, for a new one for each piece costs more than reading it. */
function openSocket({ protocol, hostname, port }: URL, take: (piece: Buffer) => void): Socket {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (protocol === 'https:') {
    return connectTls({ host, port: Number(port || 443), servername: host, ALPNProtocols: ['http/1.1'] }).on('data', take)
  }
  const buffer = Buffer.allocUnsafeSlow(readBytes)
  const callback = (size: number) => {
    take(buffer.subarray(0, size))
    return true
  }
  return connectPlain({ host, port: Number(port || 80), onread: { buffer, callback } })
}

/** In one piece where every character is one byte. */
function write(socket: Socket, head: string, body: string): void {
  const bytes = Buffer.byteLength(body)
  const start = `${head}content-length: ${bytes}\r\n\r\n`
  if (bytes === body.length) {
    socket.write(start + body, 'latin1')
    return
  }
  socket.cork()
  socket.write(start, 'latin1')
  socket.write(body, 'utf8')
  socket.uncork()
}
