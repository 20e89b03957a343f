import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A mail as it came. */
export interface ReceivedMail {
  readonly id: number
  readonly to: readonly string[]
  readonly from: string
  readonly subject: string
  readonly text: string
  readonly receivedAt: string
}

/** The last mails, also of earlier runs. */
export interface Mails {
  /** Newest first. */
  all(): readonly ReceivedMail[]
  /** On disk when it returns. */
  add(mail: Omit<ReceivedMail, 'id'>): void
}

const keptMax = 200

/** Opens the file of the last mails; it is written under another name first, so that a stop in the middle loses nothing. */
export function rememberMails(folder: string): Mails {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'mail.json')
  let mails: readonly ReceivedMail[] = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ReceivedMail[]) : []
  return {
    all: () => mails,
    add: (mail) => {
      mails = [{ id: (mails[0]?.id ?? 0) + 1, ...mail }, ...mails].slice(0, keptMax)
      writeFileSync(`${file}.new`, JSON.stringify(mails), { mode: 0o600 })
      renameSync(`${file}.new`, file)
    },
  }
}
