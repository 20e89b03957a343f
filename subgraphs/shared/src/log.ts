import { writeSync } from 'node:fs'
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

const standardError = 2
const fullPipeMs = 10
const nothing = new Int32Array(new SharedArrayBuffer(4))

/**
 * Writes an entry before anything else happens, and waits for whoever takes it too slowly. What cannot be written, to a full disk or a
 * terminal that is gone, is lost: pino's own way keeps it until it can, which may be never.
 */
function write(entry: string): void {
  let rest = Buffer.from(entry)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(standardError, rest))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
      Atomics.wait(nothing, 0, 0, fullPipeMs)
    }
  }
}

/** A log that writes to standard error at the given level; `silent` writes nothing. */
export function openLog(level: string, name: string): Log {
  const redact = { paths: [...secret, ...secret.map((path) => `*.${path}`)], censor: '[removed]' }
  return pino({ level, name, base: { name }, redact }, { write })
}

/** Details of anything thrown, fit for a log entry: type, message and stack, nothing of its other fields. */
export const errorDetails = (error: unknown) =>
  error instanceof Error ? { error: { type: error.name, message: error.message, stack: error.stack } } : { error: String(error) }
