import { BadInput } from '@pasar/shared/problems'

/** A phone number in international form, where a text is one; what begins with 0 is Indonesian. */
export function phoneIn(raw: string): string | undefined {
  const plain = raw.trim().replaceAll(/[\s().-]/g, '')
  const international = plain
    .replace(/^(?:00|\+)/, '+')
    .replace(/^0(?!0)/, '+62')
    .replace(/^62/, '+62')
  return raw.length <= 30 && /^\+[1-9]\d{7,14}$/.test(international) ? international : undefined
}

/** A phone number in international form; see phoneIn. */
export function parsePhone(raw: string): string {
  const phone = phoneIn(raw)
  if (phone === undefined)
    throw new BadInput('phone', {
      id: 'nomor telepon, misalnya 0812 3456 7890 atau +62 812 3456 7890',
      en: 'a phone number such as 0812 3456 7890 or +62 812 3456 7890',
    })
  return phone
}
