import type { Domain } from '../domains.ts'
import type { Caller, Signer } from '../identity/signature.ts'
import { Unavailable } from '../problems.ts'
import { graphqlPath, type SubgraphTransport } from '../http/transport.ts'

/** An internal command of another subgraph. */
export interface InternalCall {
  readonly domain: Domain
  readonly query: string
  readonly variables: Record<string, unknown>
  /** Ties the log entries of all parts of one saga together. */
  readonly requestId: string
}

/** Sends internal commands, signed by this process, straight to the subgraph that owns them; see design "Checkout is a saga". */
export const openCalls =
  (signer: Signer, transports: Readonly<Record<Domain, SubgraphTransport>>, name: Caller) =>
  async <T extends object>({ domain, query, variables, requestId }: InternalCall): Promise<T> => {
    const body = JSON.stringify({ query, variables })
    const identity = { viewer: { kind: 'service', name }, locale: 'id', requestId } as const
    const headers = await signer.headers(domain, identity, { path: graphqlPath, body })
    const { data, errors } = await transports[domain].execute({ headers, body })
    // An internal command has no partial answers: whatever went wrong, the saga tries the step again.
    if (errors?.length || !data) throw new Unavailable(domain)
    return data as T
  }

/** Sends internal commands; see openCalls. */
export type Calls = ReturnType<typeof openCalls>
