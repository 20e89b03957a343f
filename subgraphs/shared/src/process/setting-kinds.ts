import { hmacKeyFrom, keysIn, privateKeyFrom, publicKeyFrom } from '../identity/signature.ts'
import { SettingProblem } from './setting-problem.ts'

/** One setting of the environment: how its text is read, what it is when absent, and what it means. */
export interface Setting<T> {
  readonly fallback: T
  /** The fallback as docs/settings.md shows it. */
  readonly shown: string
  readonly doc: string
  /** Who reads it. */
  readonly readBy: string
  parse(text: string): T
}

type About = Pick<Setting<unknown>, 'doc' | 'readBy'>

/** Any text. */
export const text = (fallback: string, about: About): Setting<string> => ({
  ...about,
  fallback,
  shown: fallback,
  parse: (text) => text,
})

/** Any text, or nothing. */
export const optional = (about: About): Setting<string | undefined> => ({
  ...about,
  fallback: undefined,
  shown: '',
  parse: (text) => text,
})

/** An address of one of these protocols. */
export const url = (protocols: readonly string[], about: About): Setting<string | undefined> => ({
  ...about,
  fallback: undefined,
  shown: '',
  parse: (text) => {
    if (!URL.canParse(text) || !protocols.includes(new URL(text).protocol))
      throw new SettingProblem(`must be a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}`)
    return text
  },
})

/** One of a few words. */
export const choice = <const T extends string, F extends T | undefined>(
  choices: readonly T[],
  fallback: F,
  about: About,
): Setting<T | F> => ({
  ...about,
  fallback,
  shown: fallback ?? '',
  parse: (text) => {
    const chosen = choices.find((one) => one === text)
    if (chosen === undefined) throw new SettingProblem(`must be one of ${choices.join(', ')}`)
    return chosen
  },
})

/** A port of this machine. */
export const port = <const F extends number | undefined>(fallback: F, about: About): Setting<number | F> => ({
  ...about,
  fallback,
  shown: String(fallback ?? ''),
  parse: (text) => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < 0 || value > 65_535)
      throw new SettingProblem('must be a port number from 0 to 65535 (0 takes a free one)')
    return value
  },
})

/** A whole number, 0 or more. */
export const count = (fallback: number, about: About): Setting<number> => ({
  ...about,
  fallback,
  shown: String(fallback),
  parse: (text) => {
    if (!/^\d{1,15}$/.test(text)) throw new SettingProblem('must be a whole number, 0 or more')
    return Number(text)
  },
})

/** Texts with commas between them, each as `read` makes of it. */
export const list = (about: About, read = (part: string) => part): Setting<readonly string[]> => ({
  ...about,
  fallback: [],
  shown: '',
  parse: (text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean)
      .map(read),
})

/** As browsers write it, which is all that a request's origin is compared with: in lower case, without a usual port, without a path. */
export function origin(text: string): string {
  const { protocol, host, href } = URL.canParse(text) ? new URL(text) : { protocol: '', host: '', href: '' }
  const plain = `${protocol}//${host}`
  if (host === '' || href.replace(/\/$/, '') !== plain)
    throw new SettingProblem('must be origins like https://shop.example, without a path')
  return plain
}

/** A key as text, which `read` refuses where it is none. */
const key = (expected: string, read: (text: string) => void, about: About): Setting<string | undefined> => ({
  ...optional(about),
  parse: (text) => {
    try {
      read(text)
    } catch (cause) {
      throw new SettingProblem(`must be ${expected}, as \`npm run keys\` makes it`, { cause })
    }
    return text
  },
})

const each = (read: (text: string) => unknown) => (text: string) => keysIn(text).forEach((one) => read(one))

/** What somebody signs with. */
export const privateKey = (about: About) => key('an Ed25519 key in base64 (PKCS #8)', privateKeyFrom, about)

/** The same, beside those that it signed with before. */
export const privateKeys = (about: About) => key('an Ed25519 key in base64 (PKCS #8)', each(privateKeyFrom), about)

/** What others believe a signature by. */
export const publicKeys = (about: About) => key('the public half of an Ed25519 key in base64 (SPKI)', each(publicKeyFrom), about)

/** What two processes share. */
export const hmacKeys = (about: About) => key('32 bytes in base64', each(hmacKeyFrom), about)
