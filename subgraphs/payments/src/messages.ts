import type { Messages } from '@pasar/shared/messages'
import { formatMoney, type Money } from '@pasar/shared/money'

const money = (value: unknown) => formatMoney(value as Money)

/** Sentences for people, of each problem of payments; internal commands' refusals are for orders to put into words. */
export const messages: Messages = {
  TooManyBankAccounts: {
    id: ({ maximum }) => `Paling banyak ${String(maximum)} rekening bank per toko.`,
    en: ({ maximum }) => `A shop has at most ${String(maximum)} bank accounts.`,
  },
  CourierStatementDoesNotAdd: {
    id: ({ sum }) => `Jumlah barisnya ${money(sum)}, berbeda dari uang yang diterima.`,
    en: ({ sum }) => `The lines sum to ${money(sum)}, which is not what was received.`,
  },
  CourierStatementKnown: {
    id: ({ reference }) => `Laporan ${String(reference)} dari kurir ini sudah dicatat.`,
    en: ({ reference }) => `The statement ${String(reference)} of this courier is recorded already.`,
  },
  CourierDueNotFound: { id: 'Tagihan kurir ini tidak ada.', en: 'There is no such due of a courier.' },
  CourierDueEnded: { id: 'Tagihan kurir ini sudah selesai.', en: 'This due has ended already.' },
  ChargeRuleInThePast: {
    id: 'Aturan berlaku mulai sekarang atau nanti; pembayaran yang sudah diminta tidak berubah.',
    en: 'A rule begins now or later; payments that were asked for already stay as they are.',
  },
  ChargeRuleExists: {
    id: 'Aturan untuk hal yang sama sudah mulai pada saat itu. Pilih waktu lain.',
    en: 'A rule for the same begins at that moment already. Choose another one.',
  },
  BankAccountNotFound: { id: 'Rekening bank ini bukan milik toko.', en: 'The shop has no such bank account.' },
  WithdrawalNotFound: { id: 'Penarikan ini tidak ada.', en: 'There is no such withdrawal.' },
  WithdrawalNotHeld: {
    id: 'Penarikan ini tidak ditahan: sudah selesai, atau penyedia pembayaran masih akan mengabarkannya.',
    en: 'This withdrawal is not held: it has ended, or its provider will still say what became of it.',
  },
  WithdrawalTooSmall: {
    id: ({ minimum }) => `Penarikan paling sedikit ${money(minimum)}.`,
    en: ({ minimum }) => `The least that can be withdrawn is ${money(minimum)}.`,
  },
  ShopBalanceTooSmall: {
    id: ({ available }) => `Saldo toko hanya ${money(available)}.`,
    en: ({ available }) => `The shop's balance is only ${money(available)}.`,
  },
}
