/** Mails that the market sends. */
export type MailKind =
  'PASSWORD_RESET' | 'PASSWORD_CHANGED' | 'SESSION_STOLEN' | 'SHOP_INVITATION' | 'EMAIL_PROOF' | 'EMAIL_CHANGED'

/** What a mail is made of: nothing that an account has chosen, because nobody has proved that the address is theirs. */
export interface MailFacts {
  readonly language: string
  /** Token of a password reset, an invitation or a proof. */
  readonly token: string
  readonly minutes: number
  /** How long an invitation is good for. */
  readonly days: number
  /** And a proof. */
  readonly hours: number
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
  EMAIL_PROOF: ({ token, hours }) => ({
    subject: 'Verifikasi alamat email untuk Pasar',
    text: `Halo,\n\nAlamat ini disebut untuk sebuah akun Pasar. Jika itu akun Anda, masuklah dan pakai token ini di sana untuk memverifikasi alamat. Token berlaku ${hours} jam dan hanya sekali:\n\n${token}\n\nBukan akun Anda? Abaikan email ini dan jangan berikan token kepada siapa pun.\n\nPasar\n`,
  }),
  EMAIL_CHANGED: () => ({
    subject: 'Alamat email akun Pasar Anda diubah',
    text: `Halo,\n\nAkun Pasar Anda sekarang memakai alamat email lain; alamat ini tidak lagi menjadi alamatnya.\n\nBukan Anda? Segera hubungi layanan bantuan.\n\nPasar\n`,
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
  EMAIL_PROOF: ({ token, hours }) => ({
    subject: 'Verify your e-mail address for Pasar',
    text: `Hello,\n\nThis address was given for a Pasar account. If that account is yours, sign in and use this token there to verify the address. It is good for ${hours} hours, and once:\n\n${token}\n\nIt is not your account? Ignore this mail, and give the token to nobody.\n\nPasar\n`,
  }),
  EMAIL_CHANGED: () => ({
    subject: 'The e-mail address of your Pasar account was changed',
    text: `Hello,\n\nYour Pasar account has another e-mail address now; this one is not its address any more.\n\nIt was not you? Contact support at once.\n\nPasar\n`,
  }),
}

/** The text of a mail in the account's language. */
export const mailText = (kind: MailKind, facts: MailFacts): MailText =>
  (facts.language === 'en' ? english : indonesian)[kind](facts)
