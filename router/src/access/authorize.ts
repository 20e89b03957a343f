import { mayAccess } from '@pasar/shared/subgraph/access'
import { Forbidden, NotSignedIn } from '@pasar/shared/problems'
import { graphqlError } from '@pasar/shared/subgraph/told'
import type { Viewer } from '@pasar/shared/identity/viewer'
import type { GraphQLError } from 'graphql'
import type { Requirement } from './requirements.ts'

/** One error for each rule that the viewer does not pass; none means that the operation may run. */
export const refusals = (requirements: readonly Requirement[], viewer: Viewer): readonly GraphQLError[] =>
  requirements.filter(({ access }) => !mayAccess(viewer, access)).map(({ path }) => refusal(viewer, path))

function refusal(viewer: Viewer, path: readonly string[]): GraphQLError {
  return graphqlError(viewer.kind === 'guest' ? new NotSignedIn() : new Forbidden(), { path })
}
