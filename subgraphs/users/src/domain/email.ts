import { BadInput } from '@pasar/shared/problems'

/** An address as its owner writes it, and what makes it unique. */
export interface Email {
  readonly address: string
  readonly key: string
}

/** RFC 5321's longest path. */
const charactersMax = 254

/** Of the address as it was written, not in lower case: there are letters beyond ASCII whose lower case is an ASCII letter. */
const form = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/i

/** An e-mail address that mail can be sent to; upper and lower case are the same. */
export function parseEmail(raw: string, field = 'email'): Email {
  const address = raw.trim()
  if (address.length > charactersMax || !form.test(address))
    throw new BadInput(field, {
      id: 'alamat email, misalnya budi@example.com',
      en: 'an e-mail address such as budi@example.com',
    })
  return { address, key: address.toLowerCase() }
}
