import { serverAudits } from 'graphql-http'

/** Audits of GraphQL over HTTP that our protection against requests forged by other sites forbids: each sends a bare GET. */
export const forbiddenAudits: ReadonlyMap<string, string> = new Map(
  ['5A70', 'D6D5', '6A70'].map((id) => [id, 'An operation by GET without a header of our own could be another site’s']),
)

/** One audit of graphql-http. */
export interface HttpAudit {
  readonly title: string
  /** Why it may fail, if it may. */
  readonly because?: string
  /** Says what is wrong; nothing when all is well. */
  run(): Promise<readonly string[]>
}

/** All audits against a router. */
export const httpAudits = (url: string): HttpAudit[] =>
  serverAudits({ url: `${url}/graphql` }).map((audit) => {
    const because = forbiddenAudits.get(audit.id)
    return {
      title: `${audit.id} ${audit.name}`,
      ...(because !== undefined && { because }),
      run: async () => {
        const result = await audit.fn()
        if (result.status === 'ok') return []
        await result.response.body?.cancel().catch(() => undefined)
        return [result.reason]
      },
    }
  })
