/** What an endpoint answers to an operation. */
export interface GraphAnswer {
  readonly status: number
  readonly data?: Readonly<Record<string, unknown>> | null
  readonly errors?: readonly {
    readonly message: string
    readonly path?: readonly (string | number)[]
    readonly extensions?: Readonly<Record<string, unknown>>
  }[]
}

/** Sends an operation by POST. */
export async function postGraph(url: string, body: string, headers: Readonly<Record<string, string>> = {}): Promise<GraphAnswer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': 'en', ...headers },
    body,
  })
  return { status: response.status, ...((await response.json()) as object) }
}

/** Codes of an answer's errors. */
export const codesOf = ({ errors = [] }: GraphAnswer): readonly string[] =>
  errors.map((error) => String(error.extensions?.['code']))
