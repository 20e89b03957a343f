import { jsonObject } from '../expectations.ts'
import { parseJson } from '../parse-json.ts'
import { BadInput } from '../problems.ts'

/** An operation as GraphQL over HTTP carries it. */
export interface Operation {
  readonly query: string
  readonly variables?: Record<string, unknown>
  readonly operationName?: string
  readonly extensions?: Record<string, unknown>
}

const isObject = (value: unknown): value is Record<string, unknown> => value instanceof Object && !Array.isArray(value)

/** The operation in a request's JSON body; throws BadInput naming the part that is wrong. */
export function parseOperation(body: string): Operation {
  const value = parseJson(body)
  if (!isObject(value)) throw new BadInput('body', { id: 'objek JSON berisi query', en: 'a JSON object with a query' })
  const { variables, operationName, extensions } = value
  // The text of an operation may stay away when its hash comes.
  const query = isObject(extensions) && isObject(extensions['persistedQuery']) ? (value['query'] ?? '') : value['query']
  if (typeof query !== 'string') throw new BadInput('query', { id: 'teks sebuah operasi', en: 'the text of an operation' })
  if (variables != null && !isObject(variables)) throw new BadInput('variables', jsonObject)
  if (operationName != null && typeof operationName !== 'string') throw new BadInput('operationName', { id: 'teks', en: 'text' })
  if (extensions != null && !isObject(extensions)) throw new BadInput('extensions', jsonObject)
  return {
    query,
    ...(variables != null && { variables }),
    ...(operationName != null && { operationName }),
    ...(extensions != null && { extensions }),
  }
}
