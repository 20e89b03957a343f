import { errorDetails } from '@pasar/shared/log'
import { createTransport } from 'nodemailer'

/** A mail on its way out. */
export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** Hands mail to a server. */
export interface Mailer {
  /** Rejects when the server does not take it. */
  send(mail: Mail): Promise<void>
  stop(): Promise<void>
}

/** Hands mail to an SMTP server; a server that does not answer is given up soon, because the mail is tried again. */
export function openMailer({ url, from }: { readonly url: string; readonly from: string }): Mailer {
  const timeouts = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: 15_000 }
  const transport = createTransport({ url, ...timeouts })
  return {
    send: async (mail) => {
      await transport.sendMail({ from, ...mail })
    },
    stop: async () => transport.close(),
  }
}

/** Whether the server will never take mail for this address; what it has against the market may be mended. */
export const refusesAddress = (error: unknown): boolean =>
  error instanceof Error && 'command' in error && error.command === 'RCPT TO' && 'permanent' in error && error.permanent === true

/** What a server's refusal is known by. */
interface Codes {
  readonly code?: unknown
  readonly command?: unknown
  readonly responseCode?: unknown
}

/** Why a mail was not taken, fit for the log: a server's own words may name whom it was for, its codes do not. */
export function refusalDetails(error: unknown) {
  if (!(error instanceof Error) || !('response' in error)) return errorDetails(error)
  const { name: type, code, command, responseCode }: Error & Codes = error
  return { error: { type, code, command, responseCode } }
}
