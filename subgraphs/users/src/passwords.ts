import { randomBytes } from 'node:crypto'
import { limits } from '@pasar/shared/limits'
import { argon2id, hash, needsRehash, verify } from 'argon2'
import { openSlots } from '@pasar/shared/flow/slots'

/** OWASP's smallest recommendation for argon2id: about 25 ms of one core. */
const options = { type: argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** The hash of an account that nobody can sign in to before its password is set by mail. */
export const unusableHash = 'none'

let made: Promise<string> | undefined

/** Checked where there is no account, so that it takes as long as where there is one; made once in a process, for it takes as long to make. */
const dummy = () => (made ??= hash(randomBytes(16), options))

/** Hashes and checks passwords, a few at once. */
export async function openPasswords() {
  const inSlot = openSlots({
    atOnce: limits.passwordHashesAtOnce,
    waitingMax: limits.passwordHashesWaitingMax,
    what: 'signing in',
    busy: { id: 'Sedang banyak yang masuk. Coba lagi sebentar lagi', en: 'Many people are signing in. Try again in a moment' },
  })
  const dummyHash = await dummy()
  return {
    inSlot,
    hash: (password: string): Promise<string> => inSlot(() => hash(password, options)),
    /** To be called inside of `inSlot`. */
    async matches(known: string | undefined, password: string): Promise<boolean> {
      const real = known !== undefined && known !== unusableHash
      const matches = await verify(real ? known : dummyHash, password)
      return real && matches
    },
    /** A hash by today's parameters, where the known one has older ones; to be called inside of `inSlot`. */
    renewed: async (known: string, password: string): Promise<string | undefined> =>
      needsRehash(known, options) ? hash(password, options) : undefined,
  }
}

/** Hashes and checks passwords; see openPasswords. */
export type Passwords = Awaited<ReturnType<typeof openPasswords>>
