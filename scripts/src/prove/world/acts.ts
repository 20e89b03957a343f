import type { Domain } from '@pasar/shared/domains'
import type { AccountViewer } from '@pasar/shared/identity/viewer'
import { look } from '../invariants/look.ts'
import type { World } from './world.ts'

/** A mutation that follows the market's convention. */
export interface Act {
  readonly domain: Domain
  readonly field: string
  readonly as: AccountViewer
  readonly input: object
  /** Its success, where that is not called after the field. */
  readonly success?: string
  /** Fields of its success that are read. */
  readonly returns?: string
  /** Further members of its result that are read. */
  readonly others?: string
}

/** What came of it: one member of the result union. */
export type Came<T = object> = { readonly __typename: string; readonly code?: string } & T

/** Runs a mutation; an expected refusal is an answer like any other. */
export async function act<T = object>(
  world: World,
  { domain, field, as, input, success, returns = '__typename', others = '' }: Act,
): Promise<Came<T>> {
  const name = `${field[0]!.toUpperCase()}${field.slice(1)}`
  const inputType = name === 'CreateCategory' ? 'CategoryInput' : `${name}Input`
  const query = `mutation ($input: ${inputType}!) { ${field}(input: $input) { __typename ... on ${success ?? `${name}Success`} { ${returns} } ${others} ... on Problem { code message } } }`
  return (await world.send<Record<string, Came<T>>>(domain, { query, variables: { input }, as }))[field]!
}

/** The same, where a refusal is a fault of the proof. */
export async function mustAct<T = object>(world: World, what: Act): Promise<Came<T>> {
  const came = await act<T>(world, what)
  if (came.code !== undefined) throw new Error(`${what.field} was refused: ${JSON.stringify(came)}`)
  return came
}

/** Rows of a question to one of the market's databases; one with a name is planned once for each connection. */
export const rowsOf = async <T>(
  world: World,
  domain: Domain,
  { name, sql, values = [] }: { readonly name?: string; readonly sql: string; readonly values?: unknown[] },
): Promise<T[]> => (await look(world.databases[domain], { ...(name !== undefined && { name }), text: sql, values })) as T[]
