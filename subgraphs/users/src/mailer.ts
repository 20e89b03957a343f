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
