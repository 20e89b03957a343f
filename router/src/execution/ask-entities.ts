import type { EntityQuestion } from './entity-question.ts'
import type { Execution, SubgraphAnswer } from './execution.ts'

/** Asks for entities: with what else the run asks the same subgraph at this moment, where the plan has such questions. */
export function askEntities(
  execution: Execution,
  question: EntityQuestion,
  representations: readonly string[],
): Promise<SubgraphAnswer> {
  if (execution.batches && question.part) return execution.batches.ask(question, representations)
  const { subgraph, query, write } = question
  return execution.send({ subgraph, kind: 'query', query, body: write(execution, representations) })
}
