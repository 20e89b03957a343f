import { parse, print } from 'graphql'
import { withStandIns, type WithStandIns } from './stand-ins.ts'
import { withoutUnresolvableKeys } from './unresolvable-keys.ts'

/** A supergraph as the planner is given it. */
export interface PlannerSupergraph extends Pick<WithStandIns, 'standIns' | 'readers'> {
  readonly text: string
}

/** Words a supergraph so that the planner, where it looks at too little, still plans what is right. */
export function readyForPlanner(supergraph: string): PlannerSupergraph {
  const { supergraph: document, standIns, readers } = withStandIns(withoutUnresolvableKeys(parse(supergraph)))
  return { text: print(document), standIns, readers }
}
