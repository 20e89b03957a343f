import type { FetchNode, PlanNode, SequenceNode } from '@apollo/query-planner'

/**
 * Moves fetches that nothing waits for to where, later in the same part of the plan, the same subgraph is asked anyway: both then go out
 * as one request, and nothing ends later, for the part ends with its last fetch.
 */
export function gatherQuestions(node: PlanNode): PlanNode {
  if (node.kind === 'Sequence') return { ...node, nodes: node.nodes.map(gatherQuestions) }
  if (node.kind === 'Parallel') return gatherParallel(node.nodes.map(gatherQuestions))
  return node.kind === 'Flatten' ? { ...node, node: gatherQuestions(node.node) } : node
}

function gatherParallel(nodes: readonly PlanNode[]): PlanNode {
  const sequences = new Map<PlanNode, PlanNode[]>()
  for (const node of nodes) if (node.kind === 'Sequence') sequences.set(node, [...node.nodes])
  const stay = nodes.filter((node) => {
    const question = questionOf(node)
    return !question || ![...sequences.values()].some((steps) => joins(steps, node, question))
  })
  const rest = stay.map((node): PlanNode => {
    const steps = sequences.get(node)
    return steps ? ({ ...node, nodes: steps } as SequenceNode) : node
  })
  return rest.length === 1 ? rest[0]! : { kind: 'Parallel', nodes: rest }
}

/** Puts a fetch beside a later one of the same subgraph, if there is one. */
function joins(steps: PlanNode[], node: PlanNode, { serviceName }: FetchNode): boolean {
  const at = steps.findIndex((step, index) => index > 0 && questionsIn(step).some((other) => other.serviceName === serviceName))
  if (at < 0) return false
  const step = steps[at]!
  steps[at] = { kind: 'Parallel', nodes: step.kind === 'Parallel' ? [...step.nodes, node] : [step, node] }
  return true
}

const questionsIn = (step: PlanNode): readonly FetchNode[] =>
  (step.kind === 'Parallel' ? step.nodes : [step]).flatMap((node) => questionOf(node) ?? [])

/** The fetch of entities that is all of a node. */
function questionOf(node: PlanNode): FetchNode | undefined {
  if (node.kind === 'Flatten') return questionOf(node.node)
  return node.kind === 'Fetch' && node.requires && node.requires.length > 0 ? node : undefined
}
