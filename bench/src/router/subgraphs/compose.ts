import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'
import { sdlOf, subgraphNames, type SubgraphName } from './names.ts'

/** Composes the supergraph of subgraphs that answer at these addresses. */
export function composeSupergraph(urls: Readonly<Record<SubgraphName, string>>): string {
  const { supergraphSdl, errors } = composeServices(
    subgraphNames.map((name) => ({ name, url: urls[name], typeDefs: parse(sdlOf(name)) })),
  )
  if (supergraphSdl === undefined) throw new Error(`The subgraphs do not compose: ${errors?.map(String).join('; ')}`)
  return supergraphSdl
}
