import { askedToStop } from '@pasar/shared/process/shutdown'

/**
 * Heard from the beginning on: the PostgreSQL that a command starts has a session of its own, and would outlive it. Whoever asks is told that
 * what is begun is finished first.
 */
export function stopAsked(): AbortSignal {
  const stopping = askedToStop()
  stopping.addEventListener('abort', () => console.log('\nFinishing what is in flight …'))
  return stopping
}
