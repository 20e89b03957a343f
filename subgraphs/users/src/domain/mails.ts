/** Mails that the market sends. */
export type MailKind = 'PASSWORD_RESET' | 'PASSWORD_CHANGED' | 'SESSION_STOLEN' | 'SHOP_INVITATION'

/** What a mail is made of: nothing that an account has chosen, because nobody has proved that the address is theirs. */
export interface MailFacts {
  readonly language: string
  /** Token of a password reset or an invitation. */
  readonly token: string
  readonly minutes: number
  /** How long an invitation is good for. */
  readonly days: number
}

/** A mail's text. */
export interface MailText {
  readonly subject: string
  readonly text: string
}

type Template = (facts: MailFacts) => MailText

const indonesian: Readonly<Record<MailKind, Template>> = {
  PASSWORD_RESET: ({ token, minutes }) => ({
    subject: 'Atur ulang kata sandi Pasar',
    text: `Halo,\n\nPakai token ini untuk memilih kata sandi baru. Token berlaku ${minutes} menit dan hanya sekali:\n\n${token}\n\nAnda tidak memintanya? Abaikan email ini; kata sandi Anda tidak berubah.\n\nPasar\n`,
  }),
  PASSWORD_CHANGED: () => ({
    subject: 'Kata sandi Pasar Anda diubah',
    text: `Halo,\n\nKata sandi akun Pasar Anda baru saja diubah.\n\nBukan Anda? Segera atur ulang kata sandi dan hubungi layanan bantuan.\n\nPasar\n`,
  }),
  SESSION_STOLEN: () => ({
    subject: 'Sesi Pasar Anda diakhiri',
    text: `Halo,\n\nSatu sesi akun Pasar Anda dipakai dari dua tempat, jadi kami mengakhirinya. Silakan masuk lagi; jika Anda curiga, ganti kata sandi.\n\nPasar\n`,
  }),
  SHOP_INVITATION: ({ token, days }) => ({
    subject: 'Undangan mengurus toko di Pasar',
    text: `Halo,\n\nSebuah toko di Pasar mengundang Anda ikut mengurusnya. Pakai token ini untuk melihat toko mana dan bergabung dengan akun Anda. Token berlaku ${days} hari dan hanya sekali:\n\n${token}\n\nTidak mengenal toko itu? Abaikan email ini.\n\nPasar\n`,
  }),
}

const english: Readonly<Record<MailKind, Template>> = {
  PASSWORD_RESET: ({ token, minutes }) => ({
    subject: 'Reset your Pasar password',
    text: `Hello,\n\nUse this token to choose a new password. It is good for ${minutes} minutes, and once:\n\n${token}\n\nYou did not ask for it? Ignore this mail; your password stays as it is.\n\nPasar\n`,
  }),
  PASSWORD_CHANGED: () => ({
    subject: 'Your Pasar password was changed',
    text: `Hello,\n\nThe password of your Pasar account has just been changed.\n\nIt was not you? Reset the password at once and contact support.\n\nPasar\n`,
  }),
  SESSION_STOLEN: () => ({
    subject: 'A Pasar session was ended',
    text: `Hello,\n\nOne session of your Pasar account was used from two places, so we ended it. Sign in again; if you are suspicious, change your password.\n\nPasar\n`,
  }),
  SHOP_INVITATION: ({ token, days }) => ({
    subject: 'An invitation to help in a Pasar shop',
    text: `Hello,\n\nA shop on Pasar invites you to help run it. Use this token to see which shop it is, and to join with your account. It is good for ${days} days, and once:\n\n${token}\n\nYou do not know the shop? Ignore this mail.\n\nPasar\n`,
  }),
}

/** The text of a mail in the account's language. */
export const mailText = (kind: MailKind, facts: MailFacts): MailText =>
  (facts.language === 'en' ? english : indonesian)[kind](facts)
