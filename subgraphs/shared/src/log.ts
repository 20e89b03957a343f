import pino from 'pino'

/** Structured log: one JSON line an entry, never with secrets or personal data. */
export interface Log {
  debug(details: object, message: string): void
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

/** Paths that are cut out of every entry, should one slip in. */
const secret = ['password', 'token', 'accessToken', 'refreshToken', 'authorization', 'cookie', 'email', 'phone']

/** A log that writes to standard error at the given level; `silent` writes nothing. What nobody takes any more is lost, and nothing else. */
export function openLog(level: string, name: string): Log {
  const redact = { paths: [...secret, ...secret.map((path) => `*.${path}`)], censor: '[removed]' }
  const destination = pino.destination({ fd: 2, sync: true }).on('error', () => undefined)
  return pino({ level, name, base: { name }, redact }, destination)
}

/** Details of anything thrown, fit for a log entry: type, message and stack, nothing of its other fields. */
export const errorDetails = (error: unknown) =>
  error instanceof Error ? { error: { type: error.name, message: error.message, stack: error.stack } } : { error: String(error) }
