import type { FetchNode } from '@apollo/query-planner'
import { compileBody, type WriteBody } from './fetch-body.ts'
import { partOf, type QuestionPart } from './joined-question.ts'

/** A fetch of entities, as a subgraph is asked. */
export interface EntityQuestion {
  /** Which of its plan's questions it is. */
  readonly number: number
  readonly subgraph: string
  /** Text of the operation. */
  readonly query: string
  readonly write: WriteBody
  /** What it brings into a request for several; undefined where it must go alone. */
  readonly part: QuestionPart | undefined
}

export const compileQuestion = (fetch: FetchNode, number: number): EntityQuestion => ({
  number,
  subgraph: fetch.serviceName,
  query: fetch.operation,
  write: compileBody(fetch),
  part: partOf(fetch),
})
