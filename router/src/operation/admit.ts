import type { Texts } from '@pasar/shared/locale'
import type { Operation } from '@pasar/shared/subgraph/operation'
import { CodedError } from '@pasar/shared/problems'
import { graphqlError } from '@pasar/shared/subgraph/told'
import type { Viewer } from '@pasar/shared/identity/viewer'
import {
  getOperationAST,
  getVariableValues,
  OperationTypeNode,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import type { AccessIndex } from '../access/access-index.ts'
import { refusals } from '../access/authorize.ts'
import { requirementsOf, type Requirement } from '../access/requirements.ts'
import { amountIn } from '../cost/amount.ts'
import { costErrors } from '../cost/check-cost.ts'
import { operationCost, type OperationCost } from '../cost/operation-cost.ts'
import { conditionVariables, type CompiledOperation } from '../execution/compile-operation.ts'
import type { LoadedGraph } from '../gateway.ts'
import { cursorVariable } from '../live/place.ts'
import { checkHeld } from '../safety/check-size.ts'
import { refuseVariables } from '../safety/check-variables.ts'
import { routerLimits } from '../safety/limits.ts'
import { triesSecret } from '../safety/measure.ts'
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
  /** As the operation calls itself. */
  readonly name: string | undefined
  /** Those that the operation declares: what else was sent decides nothing, and answers are kept and shared by these. */
  readonly variables: Readonly<Record<string, unknown>>
  /** The variables with their defaults. */
  readonly coerced: Readonly<Record<string, unknown>>
  /** The part that asks about the schema itself. */
  readonly introspection: DocumentNode | undefined
  /** What running it costs at most; 0 where the supergraph says nothing of costs. */
  readonly cost: number
  /** Whether it holds a mutation by which a secret could be guessed. */
  readonly triesSecret: boolean
  /** Planned and compiled when it is first asked for. Throws for a subscription that cannot be planned. */
  compiled(): CompiledOperation
  /** Whether it was before. */
  isCompiled(): boolean
}

/** Why an operation may not run. */
export interface Refused {
  readonly errors: readonly GraphQLError[]
}

/** What operations are held against. */
export interface AdmitOptions extends PrepareOptions {
  readonly graph: LoadedGraph
  readonly access: AccessIndex
  /** Where costs are said; undefined when nobody does, for guesses about a schema that we do not know would refuse what is cheap. */
  readonly costs: GraphQLSchema | undefined
}

/** The gate, and a way to have operations ready that nobody has asked for yet. */
export interface Gate {
  /** The one gate that every operation passes, whatever way it came in. */
  readonly admit: Admit
  /** Plans and compiles an operation; says whether it is within limits and valid. */
  warm(query: string, operationName: string | undefined): boolean
  /** Whether an operation is planned and compiled: to admit any other takes milliseconds. */
  isKnown(query: string, operationName: string | undefined): boolean
}

/** Opens the gate of one supergraph. */
export function openAdmit(options: AdmitOptions): Gate {
  const prepare = openPrepare(options)
  const judged = new WeakMap<OperationDefinitionNode, Judged>()
  const judge = ({ document }: Prepared, operation: OperationDefinitionNode) => {
    const known = judged.get(operation) ?? judgeOperation(options, document, operation)
    judged.set(operation, known)
    return known
  }
  const compile = openCompile(options.graph)
  const admit: Admit = ({ query, operationName, variables = {} }, viewer) => {
    const prepared = prepare(query)
    if (!('document' in prepared)) return { errors: prepared }
    const operation = getOperationAST(prepared.document, operationName)
    if (!operation) return { errors: [unknownOperation(operationName)] }
    const { coerced, errors } = coerce(options, operation, variables)
    if (!coerced) return { errors }
    const declared = declaredOf(operation, variables)
    if (operation.operation === OperationTypeNode.SUBSCRIPTION) {
      const held = checkHeld(query, declared, cursorVariable(prepared.document, operation))
      if (held) return { errors: [held] }
    }
    const { conditions, requirements, triesSecret, cost: reckoned } = judge(prepared, operation)
    if (conditions.some((name) => coerced[name] === null)) return { errors: [nullCondition()] }
    const refused = refusals(requirements, viewer)
    if (refused.length > 0) return { errors: refused }
    const cost = reckoned ? amountIn(reckoned.amount, coerced) : 0
    const expensive = reckoned ? costErrors(reckoned, cost) : []
    if (expensive.length > 0) return { errors: expensive }
    const chosen = { name: operation.name?.value, ...(operationName !== undefined && { operationName }) }
    const { document } = prepared.guarded
    const introspection = introspectionPart(options.graph, { document, operationName }, coerced)
    const ready = {
      compiled: () => compile(prepared.guarded, operationName),
      isCompiled: () => compile.isDone(prepared.guarded, operationName),
    }
    const spent = { cost, triesSecret }
    return {
      kind: operation.operation,
      query,
      document,
      variables: declared,
      coerced,
      introspection,
      ...ready,
      ...chosen,
      ...spent,
    }
  }
  const warm: Gate['warm'] = (query, operationName) => {
    const prepared = prepare.listed(query)
    if (!('document' in prepared) || !getOperationAST(prepared.document, operationName)) return false
    compile(prepared.guarded, operationName)
    return true
  }
  const isKnown: Gate['isKnown'] = (query, operationName) => {
    const prepared = prepare.known(query)
    return prepared !== undefined && compile.isDone(prepared.guarded, operationName)
  }
  return { admit, warm, isKnown }
}

/** Holds an operation against limits, schema and access rules. */
export type Admit = (operation: Operation, viewer: Viewer) => Admitted | Refused

/** What is found out once about an operation. */
interface Judged {
  /** Variables that decide what is asked for. */
  readonly conditions: readonly string[]
  readonly requirements: readonly Requirement[]
  readonly triesSecret: boolean
  readonly cost: OperationCost | undefined
}

const judgeOperation = ({ access, costs }: AdmitOptions, document: DocumentNode, operation: OperationDefinitionNode): Judged => ({
  conditions: conditionVariables(document, operation),
  requirements: requirementsOf(access, document, operation),
  triesSecret: triesSecret(document, operation),
  cost: costs && operationCost(costs, document, operation),
})

const unnamed: Texts = {
  id: 'Sebutkan dengan operationName operasi mana yang dijalankan',
  en: 'Say with operationName which operation to run',
}
const unknown: Texts = { id: 'Tidak ada operasi dengan nama itu', en: 'There is no operation of that name' }
const undecided: Texts = {
  id: 'Variabel dalam @skip atau @include tidak boleh null',
  en: 'A variable of @skip or @include may not be null',
}

/** Where a variable has a default, validation lets null through, and what it decides would first be found wrong after a mutation ran. */
const nullCondition = (): GraphQLError => graphqlError(new CodedError('BAD_USER_INPUT', undecided))

function unknownOperation(operationName: string | undefined): GraphQLError {
  return graphqlError(new CodedError('OPERATION_RESOLUTION_FAILURE', operationName === undefined ? unnamed : unknown))
}

/** Also in the order in which they are declared. */
function declaredOf({ variableDefinitions = [] }: OperationDefinitionNode, given: Readonly<Record<string, unknown>>) {
  const names = variableDefinitions.map(({ variable }) => variable.name.value).filter((name) => Object.hasOwn(given, name))
  return Object.fromEntries(names.map((name) => [name, given[name]]))
}

function coerce(
  { graph: { schema }, production }: AdmitOptions,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): { readonly coerced?: Record<string, unknown>; readonly errors: readonly GraphQLError[] } {
  const unfit = refuseVariables(variables)
  if (unfit) return { errors: [unfit] }
  const maxErrors = routerLimits.validationErrorsMax
  const { coerced, errors = [] } = getVariableValues(schema, operation.variableDefinitions ?? [], variables, { maxErrors })
  return coerced ? { coerced, errors: [] } : { errors: errors.map((error) => coded(error, 'BAD_USER_INPUT', production)) }
}
