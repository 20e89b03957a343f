/** By which the system, the server and Prisma tell of a database that is gone, going, or not back yet. */
const codes: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  '57P01',
  '57P02',
  '57P03',
  'P1001',
  'P1008',
  'P1017',
])

/** The driver's and Prisma's words for a connection that ended or that nobody could have in time, where they give no code. */
const words =
  /Connection terminated|Client has encountered a connection error|Unable to start a transaction in the given time|timeout exceeded when trying to connect|Query read timeout/

/** Whether something failed because its database is away; it is wrapped more or less deeply, by kind of query. */
export function isDatabaseAway(error: unknown, depth = 0): boolean {
  if (!(error instanceof Object) || depth > 5) return false
  const { code, originalCode, message, meta, driverAdapterError, cause } = error as Readonly<Record<string, unknown>>
  if (codes.has(code) || codes.has(originalCode) || (typeof message === 'string' && words.test(message))) return true
  return [meta, driverAdapterError, cause].some((inner) => isDatabaseAway(inner, depth + 1))
}
