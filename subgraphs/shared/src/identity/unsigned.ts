import type { Domain } from '../domains.ts'
import { identityHeaders, openVerifier, type Verifier, type VerifierOptions } from './signature.ts'
import type { Settings } from '../process/settings.ts'
import type { RequestIdentity } from './viewer.ts'

/** Says who asks by a request's headers alone. */
export type AdmitUnsigned = (headers: Readonly<Record<string, string | undefined>>) => RequestIdentity

interface Door extends Omit<VerifierOptions, 'audience'> {
  readonly settings: Pick<Settings, 'HOST'>
  readonly admitUnsigned?: AdmitUnsigned
}

/** Checks requests at a subgraph's door. What comes with a signature is held against it in any case. */
export function openDoorCheck({ clock, trusted, settings, admitUnsigned }: Door, audience: Domain): Verifier {
  const verify = openVerifier({ audience, trusted, clock })
  if (!admitUnsigned) return verify
  if (settings.HOST !== '127.0.0.1') throw new Error('A subgraph that admits unsigned requests listens on 127.0.0.1 only')
  return async (headers, bound) =>
    headers[identityHeaders.signature] === undefined ? admitUnsigned(headers) : verify(headers, bound)
}
