import { setTimeout as pause } from 'node:timers/promises'

/** What the driver and the server say when a database goes away while we work with it, or is not back yet. */
const gone = /ECONNREFUSED|ECONNRESET|EPIPE|Connection terminated|57P0[123]|terminating connection|P1001|P1017|server closed/i

const textOf = (error: unknown, depth = 0): string => {
  if (!(error instanceof Error) || depth > 4) return ''
  const { code, message, cause } = error as Error & { readonly code?: unknown }
  return `${String(code)} ${message} ${textOf(cause, depth + 1)}`
}

/** Whether something failed because its database went away. */
export const isGone = (error: unknown): boolean => gone.test(textOf(error))

const restMs = 20
/** Ten seconds: longer than PostgreSQL takes to come back. */
const triesMax = 500

/** Does what may be done twice, again where somebody ends the database meanwhile, until that is back. */
export async function despiteCrashes<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++)
    try {
      return await work()
    } catch (error) {
      if (tries === triesMax || !isGone(error)) throw error
      await pause(restMs)
    }
}
