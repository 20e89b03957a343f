import type { Texts } from '@pasar/shared/locale'
import type { Operation } from '@pasar/shared/operation'
import { CodedError } from '@pasar/shared/problems'
import { graphqlError } from '@pasar/shared/told'
import type { Viewer } from '@pasar/shared/viewer'
import { getOperationAST, getVariableValues, type DocumentNode, type GraphQLError, type OperationDefinitionNode } from 'graphql'
import type { AccessIndex } from '../access/access-index.ts'
import { refusals } from '../access/authorize.ts'
import { requirementsOf, type Requirement } from '../access/requirements.ts'
import type { CompiledOperation } from '../execution/compile-operation.ts'
import type { LoadedGraph } from '../gateway.ts'
import { routerLimits } from '../safety/limits.ts'
import { nestsDeeperThan } from '../safety/nesting.ts'
import { openCompile } from './compile.ts'
import { introspectionPart } from './introspection.ts'
import { coded, openPrepare, type Prepared, type PrepareOptions } from './prepare.ts'

/** An operation that is within limits, valid and allowed to its viewer: it may be planned and run. */
export interface Admitted {
  readonly kind: 'query' | 'mutation' | 'subscription'
  /** The client's text. */
  readonly query: string
  /** As it is planned. */
  readonly document: DocumentNode
  readonly operationName?: string
  readonly variables: Readonly<Record<string, unknown>>
  /** The variables with their defaults. */
  readonly coerced: Readonly<Record<string, unknown>>
  /** The part that asks about the schema itself. */
  readonly introspection: DocumentNode | undefined
  /** Planned and compiled when it is first asked for. Throws for a subscription that cannot be planned. */
  compiled(): CompiledOperation
}

/** Why an operation may not run. */
export interface Refused {
  readonly errors: readonly GraphQLError[]
}

/** What operations are held against. */
export interface AdmitOptions extends PrepareOptions {
  readonly graph: LoadedGraph
  readonly access: AccessIndex
}

/** The one gate that every operation passes, whatever way it came in. */
export function openAdmit(options: AdmitOptions) {
  const prepare = openPrepare(options)
  const requirements = new WeakMap<OperationDefinitionNode, readonly Requirement[]>()
  const requirementsFor = ({ document }: Prepared, operation: OperationDefinitionNode) => {
    const known = requirements.get(operation) ?? requirementsOf(options.access, document, operation)
    requirements.set(operation, known)
    return known
  }
  const compile = openCompile(options.graph)
  return ({ query, operationName, variables = {} }: Operation, viewer: Viewer): Admitted | Refused => {
    const prepared = prepare(query)
    if (!('document' in prepared)) return { errors: prepared }
    const operation = getOperationAST(prepared.document, operationName)
    if (!operation) return { errors: [unknownOperation(operationName)] }
    const { coerced, errors } = coerce(options, operation, variables)
    if (!coerced) return { errors }
    const refused = refusals(requirementsFor(prepared, operation), viewer)
    if (refused.length > 0) return { errors: refused }
    const name = operationName === undefined ? {} : { operationName }
    const { document } = prepared.guarded
    const introspection = introspectionPart(options.graph, { document, operation }, coerced)
    const compiled = () => compile(prepared.guarded, operationName)
    return { kind: operation.operation, query, document, variables, coerced, introspection, compiled, ...name }
  }
}

/** See openAdmit. */
export type Admit = ReturnType<typeof openAdmit>

const unnamed: Texts = {
  id: 'Sebutkan dengan operationName operasi mana yang dijalankan',
  en: 'Say with operationName which operation to run',
}
const unknown: Texts = { id: 'Tidak ada operasi dengan nama itu', en: 'There is no operation of that name' }
const tooDeep: Texts = { id: 'Variabel bersarang terlalu dalam', en: 'The variables nest too deep' }

function unknownOperation(operationName: string | undefined): GraphQLError {
  return graphqlError(new CodedError('OPERATION_RESOLUTION_FAILURE', operationName === undefined ? unnamed : unknown))
}

function coerce(
  { graph: { schema }, production }: AdmitOptions,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): { readonly coerced?: Record<string, unknown>; readonly errors: readonly GraphQLError[] } {
  if (nestsDeeperThan(variables, routerLimits.variablesDepthMax)) {
    return { errors: [graphqlError(new CodedError('BAD_USER_INPUT', tooDeep))] }
  }
  const maxErrors = routerLimits.validationErrorsMax
  const { coerced, errors = [] } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors })
  return coerced ? { coerced, errors: [] } : { errors: errors.map((error) => coded(error, 'BAD_USER_INPUT', production)) }
}
