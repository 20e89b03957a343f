import { describe, expect, it } from 'vitest'
import { mailText, type MailKind } from './mails.ts'

const facts = { token: 'rahasia-sekali', minutes: 30, days: 7, hours: 24 }
const kinds: readonly MailKind[] = [
  'PASSWORD_RESET',
  'PASSWORD_CHANGED',
  'SESSION_STOLEN',
  'SHOP_INVITATION',
  'EMAIL_PROOF',
  'EMAIL_CHANGED',
]

describe.each(kinds)('the mail %s', (kind) => {
  it('speaks the language of the account, and Indonesian when in doubt', () => {
    expect(mailText(kind, { ...facts, language: 'en' }).text).toContain('Hello,')
    expect(mailText(kind, { ...facts, language: 'id' }).text).toContain('Halo,')
    expect(mailText(kind, { ...facts, language: 'jv' }).text).toContain('Halo,')
  })

  it('holds the token only where one is needed, on a line of its own', () => {
    for (const language of ['id', 'en']) {
      const lines = mailText(kind, { ...facts, language }).text.split('\n')
      expect(lines.includes(facts.token)).toBe(['PASSWORD_RESET', 'SHOP_INVITATION', 'EMAIL_PROOF'].includes(kind))
    }
  })
})
