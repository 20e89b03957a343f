import type { AddressInfo } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'

/** A mail as a person reads it. */
export interface ReceivedMail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** A real SMTP server on a free port that keeps what it gets; while `refusing` it takes nothing, and for domains in `rejecting` it answers with their code. */
export async function openMailboxForTest() {
  const mails: ReceivedMail[] = []
  const state: { refusing: boolean; rejecting: Readonly<Record<string, number>> } = { refusing: false, rejecting: {} }
  const tried: string[] = []
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    logger: false,
    onRcptTo: ({ address }, _, done) => {
      tried.push(address)
      const responseCode = state.rejecting[address.split('@')[1]!]
      // As servers do, which say whom they do not take mail for.
      done(responseCode === undefined ? null : Object.assign(new Error(`<${address}>: not here`), { responseCode }))
    },
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk))
      stream.on('end', () => {
        if (state.refusing) return done(new Error('come again'))
        void PostalMime.parse(Buffer.concat(chunks)).then(({ subject = '', text = '' }) => {
          mails.push({ to: session.envelope.rcptTo[0]?.address ?? '', subject, text })
          done()
        })
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    state,
    /** Every address that mail was tried for, in order. */
    tried,
    to: (address: string) => mails.filter((mail) => mail.to === address),
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  }
}
