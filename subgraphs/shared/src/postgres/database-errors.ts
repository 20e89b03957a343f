/**
 * By which the system, the server and Prisma tell of a database that is gone, going, or not back yet; that has no disk, memory or connection
 * left; or that lets nobody write, as a replica does until it takes over.
 */
const awayCodes = new Set<unknown>([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  '57P01',
  '57P02',
  '57P03',
  '53100',
  '53200',
  '53300',
  '25006',
  'P1001',
  'P1008',
  'P1017',
  'P2037',
])

/** The driver's and Prisma's words for a connection that nobody could have in time, or that does not answer: they give no code. */
const busyWords = /Unable to start a transaction in the given time|timeout exceeded when trying to connect|Query read timeout/

/** The same for one that ended. */
const endedWords = /Connection terminated|Client has encountered a connection error/

/** By which Prisma and the server tell of a transaction that lost against another one: serialization failure, deadlock. */
const lostCodes = new Set<unknown>(['P2034', '40001', '40P01'])

/** An error and what is wrapped in it, by Prisma more or less deeply, by kind of query. */
function layersOf(error: unknown, depth = 0): readonly Readonly<Record<string, unknown>>[] {
  if (!(error instanceof Object) || depth > 5) return []
  const layer = error as Readonly<Record<string, unknown>>
  const { meta, driverAdapterError, cause } = layer
  return [layer, ...[meta, driverAdapterError, cause].flatMap((inner) => layersOf(inner, depth + 1))]
}

const hasCode = (codes: ReadonlySet<unknown>, { code, originalCode }: Readonly<Record<string, unknown>>): boolean =>
  codes.has(code) || codes.has(originalCode)

/** Whether something failed because its database is away. */
export const isDatabaseAway = (error: unknown): boolean =>
  layersOf(error).some((layer) => {
    const { message } = layer
    return hasCode(awayCodes, layer) || (typeof message === 'string' && (busyWords.test(message) || endedWords.test(message)))
  })

/** Whether a transaction lost against another one, and succeeds when it is run again. */
export const wasLost = (error: unknown): boolean => layersOf(error).some((layer) => hasCode(lostCodes, layer))

/** Whether all connections stayed busy for as long as anybody may wait for one, or the one did not answer. */
export const wasBusy = (error: unknown): boolean => error instanceof Error && busyWords.test(error.message)
