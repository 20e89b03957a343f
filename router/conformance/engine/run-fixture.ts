import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'
import { asJson, differences, type Answer } from './compare.ts'
import type { Case, Fixture, World } from './fixture.ts'
import { openOracle, type Oracle } from './oracle.ts'
import { linked, openSubgraph } from './subgraph.ts'
import type { Fetched, SubgraphServer } from './subgraph-server.ts'
import { openWorld } from './world.ts'

/** A router that listens. */
export interface OpenRouter {
  readonly url: string
  stop(): Promise<void>
}

/** Opens the router that is put to the test. */
export type RouterOpener = (supergraph: string) => Promise<OpenRouter>

/** What came of one case. */
export interface Outcome {
  readonly title: string
  readonly asked: Case
  /** Sentences; none for a case that passed. */
  readonly wrong: readonly string[]
  readonly actual: Answer
  readonly expected: Answer
  readonly fetched: readonly Fetched[]
}

/** A fixture behind an open router. */
export interface Running {
  /** Where the router answers. */
  readonly url: string
  ask(asked: Case): Promise<Outcome>
  stop(): Promise<void>
}

/** The supergraph of a fixture; throws when it does not compose. */
export function compose(fixture: Fixture, server: Pick<SubgraphServer, 'urlOf'>): string {
  const services = Object.entries(fixture.subgraphs).map(([name, sdl]) => ({
    name,
    typeDefs: parse(linked(sdl)),
    url: server.urlOf(fixture.name, name),
  }))
  const { supergraphSdl, errors } = composeServices(services)
  if (errors) throw new Error(`${fixture.name} does not compose: ${errors.map(({ message }) => message).join('\n')}`)
  return supergraphSdl
}

/** Composes a fixture, starts its subgraphs and opens a router over them. */
export async function runFixture(fixture: Fixture, server: SubgraphServer, openRouter: RouterOpener): Promise<Running> {
  const supergraph = compose(fixture, server)
  const oracle = openOracle(fixture, supergraph)
  let world: World = openWorld(fixture, oracle.membersOf)
  server.add(
    fixture.name,
    Object.keys(fixture.subgraphs).map((name) => openSubgraph(fixture, name, () => world)),
  )
  const router = await openRouter(supergraph)
  return {
    url: router.url,
    async ask(asked) {
      world = openWorld(fixture, oracle.membersOf)
      return outcomeOf(asked, { oracle, server, url: router.url })
    },
    stop: () => router.stop(),
  }
}

interface Site {
  readonly oracle: Oracle
  readonly server: SubgraphServer
  readonly url: string
}

async function outcomeOf(asked: Case, { oracle, server, url }: Site): Promise<Outcome> {
  const expected = asJson(await oracle.ask(asked))
  server.fetched()
  const actual = await post(url, asked)
  const fetched = server.fetched()
  return { title: asked.title, asked, expected, actual, fetched, wrong: differences({ asked, expected, actual, fetched }) }
}

async function post(url: string, { query, variables, operationName }: Case): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query, ...(variables && { variables }), ...(operationName !== undefined && { operationName }) }),
  })
  return (await response.json()) as Answer
}
