import type { FetchNode, PlanNode, QueryPlan, ResponsePath } from '@apollo/query-planner'
import type { Policies } from '../cache/fetch-policy.ts'
import type { Keeping } from '../cache/keeping.ts'
import type { Execution, Step } from './execution.ts'
import { compileEntityFetch, type EntityPlace } from './entity-fetch.ts'
import { gatherQuestions } from './gather-questions.ts'
import { compileRootFetch } from './root-fetch.ts'

/** What plans are compiled for. */
export interface PlanOptions extends Omit<EntityPlace, 'path' | 'policy'> {
  /** Whether the answers to a fetch may be kept; absent where nothing is. */
  readonly policies?: Policies | undefined
  /** Gets how the answers to every fetch of the plan are kept; undefined for one whose are not. */
  readonly keepings: (Keeping | undefined)[]
}

/** Where a part of a plan works. */
interface Place extends PlanOptions {
  readonly path: ResponsePath
}

/** Compiles a plan; of a subscription's, what is fetched for each event after the event itself. */
export function compilePlan({ node }: QueryPlan, options: PlanOptions): Step {
  const root = node?.kind === 'Subscription' ? node.rest : node
  return root ? compileNode(gatherQuestions(root), { ...options, path: [] }) : () => undefined
}

function compileNode(node: PlanNode, place: Place): Step {
  switch (node.kind) {
    case 'Fetch':
      return compileFetch(node, place)
    case 'Flatten':
      return compileNode(node.node, { ...place, path: [...place.path, ...node.path] })
    case 'Sequence':
      return sequence(node.nodes.map((inner) => compileNode(inner, place)))
    case 'Parallel':
      return parallel(node.nodes.map((inner) => compileNode(inner, place)))
    case 'Condition': {
      const whenTrue = node.ifClause && compileNode(node.ifClause, place)
      const whenFalse = node.elseClause && compileNode(node.elseClause, place)
      return (execution) => (execution.coerced[node.condition] === true ? whenTrue : whenFalse)?.(execution)
    }
    case 'Defer':
      break
  }
  throw new Error('The planner made a deferred part that was not asked for')
}

function compileFetch(fetch: FetchNode, place: Place): Step {
  if (fetch.requires && fetch.requires.length > 0) {
    const policy = place.policies?.ofEntities(fetch)
    place.keepings.push(policy)
    return compileEntityFetch(fetch, fetch.requires, { ...place, policy })
  }
  // Elsewhere a root is what a mutation or an event leads to, and read anew.
  const policy = place.path.length === 0 ? place.policies?.ofRoot(fetch) : undefined
  place.keepings.push(policy)
  return compileRootFetch(fetch, { ...place, policy })
}

/** One after the other, without waiting for what is done at once. */
const sequence = (steps: readonly Step[]): Step => (steps.length === 1 ? steps[0]! : (execution) => runFrom(steps, 0, execution))

function runFrom(steps: readonly Step[], first: number, execution: Execution): Promise<void> | undefined {
  for (let index = first; index < steps.length; index++) {
    const running = steps[index]!(execution)
    if (running) return index + 1 < steps.length ? running.then(() => runFrom(steps, index + 1, execution)) : running
  }
  return undefined
}

const parallel =
  (steps: readonly Step[]): Step =>
  (execution) => {
    const running = steps.map((step) => step(execution)).filter((one) => one !== undefined)
    return running.length === 0 ? undefined : Promise.all(running).then(() => undefined)
  }
