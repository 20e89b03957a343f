import { randomUUID } from 'node:crypto'
import type { Signer } from '@pasar/shared/identity/signature'
import { Unavailable } from '@pasar/shared/problems'
import { graphqlPath, type SubgraphTransport } from '@pasar/shared/http/transport'
import type { EndedSessions } from '../live/connections.ts'

const query = 'query EndedSessions($ids: [ID!]!) { usersEndedSessions(ids: $ids) }'

/** Asks `users`, in the router's own name, which sessions were ended. */
export const openEndedSessions =
  (signer: Signer, users: Pick<SubgraphTransport, 'execute'>): EndedSessions =>
  async (ids) => {
    const body = JSON.stringify({ query, variables: { ids } })
    const identity = { viewer: { kind: 'service', name: 'router' }, locale: 'id', requestId: randomUUID() } as const
    const headers = await signer.headers('users', identity, { path: graphqlPath, body })
    const { data } = await users.execute({ headers, body })
    const ended: unknown = data?.['usersEndedSessions']
    if (!Array.isArray(ended)) throw new Unavailable('users')
    return ended as string[]
  }
