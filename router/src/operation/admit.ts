import type { Texts } from '@pasar/shared/locale'
import type { Operation } from '@pasar/shared/operation'
import { CodedError } from '@pasar/shared/problems'
import { graphqlError } from '@pasar/shared/told'
import type { Viewer } from '@pasar/shared/viewer'
import { getOperationAST, getVariableValues, type GraphQLError, type GraphQLSchema, type OperationDefinitionNode } from 'graphql'
import type { AccessIndex } from '../access/access-index.ts'
import { refusals } from '../access/authorize.ts'
import { requirementsOf, type Requirement } from '../access/requirements.ts'
import { routerLimits } from '../safety/limits.ts'
import { nestsDeeperThan } from '../safety/nesting.ts'
import type { Guarded } from './private-aliases.ts'
import { coded, openPrepare, type Prepared, type PrepareOptions } from './prepare.ts'

/** An operation that is within limits, valid and allowed to its viewer: it may be planned and run. */
export interface Admitted {
  readonly kind: 'query' | 'mutation' | 'subscription'
  /** The client's text. */
  readonly query: string
  readonly guarded: Guarded
  readonly operationName?: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** Why an operation may not run. */
export interface Refused {
  readonly errors: readonly GraphQLError[]
}

/** What operations are held against. */
export interface AdmitOptions extends PrepareOptions {
  readonly schema: GraphQLSchema
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
  return ({ query, operationName, variables = {} }: Operation, viewer: Viewer): Admitted | Refused => {
    const prepared = prepare(query)
    if (!('document' in prepared)) return { errors: prepared }
    const operation = getOperationAST(prepared.document, operationName)
    if (!operation) return { errors: [unknownOperation(operationName)] }
    const unfit = unfitVariables(options, operation, variables)
    if (unfit.length > 0) return { errors: unfit }
    const refused = refusals(requirementsFor(prepared, operation), viewer)
    if (refused.length > 0) return { errors: refused }
    const name = operationName === undefined ? {} : { operationName }
    return { kind: operation.operation, query, guarded: prepared.guarded, variables, ...name }
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

function unfitVariables(
  { schema, production }: AdmitOptions,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
) {
  if (nestsDeeperThan(variables, routerLimits.variablesDepthMax)) {
    return [graphqlError(new CodedError('BAD_USER_INPUT', tooDeep))]
  }
  const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, {
    maxErrors: routerLimits.validationErrorsMax,
  })
  return (errors ?? []).map((error) => coded(error, 'BAD_USER_INPUT', production))
}
