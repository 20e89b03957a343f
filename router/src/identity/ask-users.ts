import { randomUUID } from 'node:crypto'
import type { Signer } from '@pasar/shared/identity/signature'
import { Unavailable } from '@pasar/shared/problems'
import { graphqlPath, type SubgraphTransport } from '@pasar/shared/http/transport'
import type { EndedSessions } from '../live/connections.ts'
import type { AskVoided, Voided } from './void-tokens.ts'

/** The way to users. */
export type ToUsers = Pick<SubgraphTransport, 'execute'>

/** Asks `users` in the router's own name; gives what its only field says. */
function openAsk(signer: Signer, users: ToUsers) {
  return async (query: string, variables: object): Promise<unknown> => {
    const body = JSON.stringify({ query, variables })
    const identity = { viewer: { kind: 'service', name: 'router' }, locale: 'id', requestId: randomUUID() } as const
    const headers = await signer.headers('users', identity, { path: graphqlPath, body })
    const { data } = await users.execute({ headers, body })
    return data && Object.values(data)[0]
  }
}

const ended = 'query EndedSessions($ids: [ID!]!) { usersEndedSessions(ids: $ids) }'

/** Asks which sessions were ended. */
export function openEndedSessions(signer: Signer, users: ToUsers): EndedSessions {
  const ask = openAsk(signer, users)
  return async (ids) => {
    const found = await ask(ended, { ids })
    if (!Array.isArray(found)) throw new Unavailable('users')
    return found as string[]
  }
}

const voided = `query VoidTokens($before: ID) {
  usersVoidTokens(before: $before) { sessions accounts { id rights } next }
}`

/** Asks what ended tokens that may still live, from the newest on. */
export function openAskVoided(signer: Signer, users: ToUsers): AskVoided {
  const ask = openAsk(signer, users)
  return async function* () {
    let before: string | null = null
    do {
      const part = (await ask(voided, { before })) as (Voided & { readonly next: string | null }) | null | undefined
      if (!part) throw new Unavailable('users')
      yield part
      before = part.next
    } while (before !== null)
  }
}
