import type { FetchNode, QueryPlan } from '@apollo/query-planner'
import {
  Kind,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql'
import type { LivePlace } from '../live/place.ts'
import { fragmentsOf } from '../operation/root-selections.ts'
import { mergeAnswer } from './arrival.ts'
import { OpenBatches, mayBatch, type JoinedQuestions } from './batches.ts'
import { compilePlan, type PlanOptions } from './compile-plan.ts'
import type { EntityQuestion } from './entity-question.ts'
import type { CachedReads, Execution, JsonObject, Making, SendFetch, SubgraphAnswer } from './execution.ts'
import { compileAnswerPolicy, throughKeptAnswers } from './kept-answer.ts'
import type { IsOfType, TypeOfField } from './possible-types.ts'
import { compileArrival } from './root-fetch.ts'
import { compileObject } from './shape.ts'
import { Writing, type Write } from './writing.ts'
import type { WrittenResult } from './written-result.ts'

/** An operation with its plan. */
export interface PlannedOperation {
  readonly plan: QueryPlan
  /** As it was planned. */
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  /** Private response names, back to those of the client. */
  readonly aliases: ReadonlyMap<string, string>
  /** For a subscription: how its stream stands in its source. */
  readonly place?: LivePlace | undefined
}

/** The schema that operations are planned and shaped for. */
export interface ExecutableSchema extends Pick<PlanOptions, 'policies' | 'standIns' | 'entryKeys'> {
  /** What clients see. */
  readonly schema: GraphQLSchema
  /** About the supergraph's types, what clients do not see included. */
  readonly isOfType: IsOfType
  readonly typeOfField: TypeOfField
}

/** What one run is given. */
export interface Given {
  readonly variables: Readonly<Record<string, unknown>>
  /** The variables with their defaults. */
  readonly coerced: Readonly<Record<string, unknown>>
  readonly send: SendFetch
  /** Public entities that were fetched before; absent where every value must be read anew. */
  readonly cache?: CachedReads | undefined
  /** What the schema says of itself, by response name. */
  readonly introspection?: JsonObject | undefined
  /** For a subscription: what its own subgraph says of an event. */
  readonly event?: SubgraphAnswer
}

/** An operation that is ready to run, any number of times. */
export interface CompiledOperation {
  readonly plan: QueryPlan
  /** For a subscription: the operation that its own subgraph streams. */
  readonly primary: FetchNode | undefined
  readonly place: LivePlace | undefined
  /** Rejects only for what nobody expected. */
  run(given: Given): Promise<WrittenResult>
}

/** Compiles plan and result shape once per operation. */
export function compileOperation(executable: ExecutableSchema, planned: PlannedOperation): CompiledOperation {
  const primary = planned.plan.node?.kind === 'Subscription' ? planned.plan.node.primary : undefined
  const questions: EntityQuestion[] = []
  const keepings: PlanOptions['keepings'] = []
  const step = compilePlan(planned.plan, { ...executable, questions, keepings })
  const policy = compileAnswerPolicy(planned, keepings)
  const joined: JoinedQuestions | undefined = mayBatch(questions) ? new Map() : undefined
  const arrival = primary && compileArrival(primary, { ...executable, path: [] })
  const shapeFor = openShapes(executable, planned)
  const make = async ({ variables, coerced, send, cache, introspection, event }: Given, making: Making | undefined) => {
    const data: JsonObject = { ...introspection }
    const batches = joined && new OpenBatches(send, variables, joined)
    const found = { data, errors: [], shared: new Set<object>(), absent: new Set<object>() }
    const execution: Execution = { variables, coerced, send, batches, cache, making, ...found }
    if (arrival && event) mergeAnswer(execution, arrival, event)
    await step(execution)
    return write(execution, shapeFor(coerced), planned)
  }
  return {
    plan: planned.plan,
    primary,
    place: planned.place,
    run: (given) =>
      policy && given.cache && !given.introspection
        ? throughKeptAnswers(policy, { ...given, reads: given.cache }, (making) => make(given, making))
        : make(given, undefined),
  }
}

function write(execution: Execution, shape: Write, { aliases, operation }: PlannedOperation): WrittenResult {
  const told = aliases.size === 0 ? execution.errors : execution.errors.map((error) => withClientPath(error, aliases))
  const writing = new Writing(operation.operation, execution, told)
  const data = shape(execution.data, writing) ?? null
  const errors = writing.errors.length === 0 ? told : [...told, ...writing.errors]
  return { data, errors, absences: writing.absences }
}

const withClientPath = (error: GraphQLFormattedError, aliases: PlannedOperation['aliases']): GraphQLFormattedError =>
  error.path ? { ...error, path: error.path.map((part) => aliases.get(String(part)) ?? part) } : error

/** A dashboard that switches three parts on and off has eight shapes; whoever has more than this waits for each. */
const shapesMax = 16

/** The shape of the result for each outcome of the operation's conditions. */
function openShapes({ schema, isOfType }: ExecutableSchema, { document, operation, aliases }: PlannedOperation) {
  const names = conditionVariables(document, operation)
  const shapes = new Map<string, Write>()
  const compile = (coerced: Given['coerced']) => {
    const conditions = Object.fromEntries(names.map((name) => [name, coerced[name]]))
    const selecting = { fragments: fragmentsOf(document), isOfType, coerced: conditions }
    return compileObject({ schema, aliases, ...selecting }, schema.getRootType(operation.operation)!, [operation.selectionSet])
  }
  return (coerced: Given['coerced']): Write => {
    const key = names.map((name) => (coerced[name] === true ? '1' : '0')).join('')
    const known = shapes.get(key)
    if (known) return known
    const shape = compile(coerced)
    if (shapes.size < shapesMax) shapes.set(key, shape)
    return shape
  }
}

/** Variables that decide by `@skip` or `@include` what an operation asks for. */
export function conditionVariables(document: DocumentNode, operation: OperationDefinitionNode): readonly string[] {
  const fragments = fragmentsOf(document)
  const names = new Set<string>()
  const followed = new Set<string>()
  const look = (part: OperationDefinitionNode | FragmentDefinitionNode): void => {
    visit(part, {
      Directive: ({ name, arguments: given = [] }) => {
        if (name.value !== 'skip' && name.value !== 'include') return
        for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value)
      },
      FragmentSpread: ({ name }) => {
        const fragment = followed.has(name.value) ? undefined : fragments.get(name.value)
        followed.add(name.value)
        if (fragment) look(fragment)
      },
    })
  }
  look(operation)
  return [...names]
}
