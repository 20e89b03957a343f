import type { AddressInfo } from 'node:net'
import type { Stop } from '@pasar/shared/events/bus'
import type { Clock } from '@pasar/shared/clock'
import { hostAndPort } from '@pasar/shared/http/host-and-port'
import type { Route } from '@pasar/shared/http/server'
import { errorDetails, type Log } from '@pasar/shared/log'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import { mailboxRoutes } from './mailbox/routes.ts'
import { rememberMails, type Mails } from './mailbox/mails.ts'

/** How the development mailbox is set up. */
export interface MailboxSimulatorOptions {
  /** Where it keeps the last mails. */
  readonly folder: string
  /** Address that its SMTP server listens on; loopback when absent. */
  readonly host?: string
  /** Port of its SMTP server; a free one when absent. */
  readonly port?: number
  readonly clock: Clock
  readonly log: Log
}

/** A mail server that keeps every mail for people to read, and sends none on. */
export interface MailboxSimulator {
  readonly routes: readonly Route[]
  /** What SMTP_URL has to be. */
  readonly smtpUrl: string
  stop: Stop
}

/** What it offers, for the landing page and the README. */
export const mailboxEndpoints = [
  { method: 'GET', path: '/simulators/mail', what: 'page with the mails that the market has sent, newest first' },
  {
    method: 'GET',
    path: '/simulators/mail/messages',
    what: 'the same as JSON (id, to, from, subject, text, receivedAt); `?to=` asks for one address',
  },
  { method: 'GET', path: '/simulators/mail/messages/:id', what: 'one mail as JSON' },
] as const

/** No mail of ours comes near it. */
const bytesMax = 1024 * 1024

type Receive = (chunks: readonly Buffer[], to: readonly string[]) => Promise<void>

const receiver =
  (mails: Mails, clock: Clock): Receive =>
  async (chunks, to) => {
    const { from, subject = '', text = '' } = await PostalMime.parse(Buffer.concat(chunks))
    mails.add({ to, from: from?.address ?? '', subject, text, receivedAt: clock.now().toISOString() })
  }

function openSmtp(receive: Receive, log: Log): SMTPServer {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: bytesMax,
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk))
      stream.on('end', () => {
        if (stream.sizeExceeded) return done(Object.assign(new Error('The mail is too large'), { responseCode: 552 }))
        const to = envelope.rcptTo.map(({ address }) => address)
        return void receive(chunks, to).then(() => done(), done)
      })
    },
  })
  server.on('error', (error) => log.warn(errorDetails(error), 'mailbox'))
  return server
}

/** Opens the development mailbox: a real SMTP server, a page and a JSON list of what it got. */
export async function openMailboxSimulator(options: MailboxSimulatorOptions): Promise<MailboxSimulator> {
  const { folder, host = '127.0.0.1', port = 0, clock, log } = options
  const mails = rememberMails(folder)
  const smtp = openSmtp(receiver(mails, clock), log)
  await new Promise<void>((resolve, reject) => {
    smtp.server.once('error', reject)
    smtp.listen(port, host, resolve)
  })
  const { port: taken } = smtp.server.address() as AddressInfo
  return {
    routes: mailboxRoutes(mails),
    smtpUrl: `smtp://${hostAndPort(host, taken)}`,
    stop: () => new Promise((resolve) => smtp.close(() => resolve())),
  }
}
