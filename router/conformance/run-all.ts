import type { SubgraphServer } from './engine/subgraph-server.ts'
import type { Case, Family, Fixture } from './engine/fixture.ts'
import { runFixture, type OpenRouter, type Outcome, type RouterOpener, type Running } from './engine/run-fixture.ts'
import { entityKeys } from './fixtures/entity-keys.ts'
import { converse } from './protocols/converse.ts'
import { httpAudits } from './protocols/http-audits.ts'
import { socketCases } from './protocols/socket-cases.ts'

/** What came of one case, in words. */
export interface Result {
  readonly title: string
  readonly wrong: readonly string[]
  /** Why the case may differ from what it is held against. */
  readonly because?: string
  /** What is needed to look into it. */
  readonly seen?: Pick<Outcome, 'asked' | 'expected' | 'actual' | 'fetched'>
}

/** What came of a family. */
export interface FamilyResult {
  readonly family: string
  readonly supergraphs: number
  readonly results: readonly Result[]
}

/** The tools of a run. */
export interface Run {
  readonly server: SubgraphServer
  readonly openRouter: RouterOpener
}

/** Puts a router to every case of a family. */
export async function runFamily(run: Run, { family, fixtures }: Family): Promise<FamilyResult> {
  const results: Result[] = []
  for (const fixture of fixtures) results.push(...(await runCases(run, fixture)))
  return { family, supergraphs: fixtures.length, results }
}

async function runCases({ server, openRouter }: Run, fixture: Fixture): Promise<Result[]> {
  const titleOf = ({ title }: Case) => `${fixture.name}: ${title}`
  const running = await runFixture(fixture, server, openRouter).catch((error: unknown) => error)
  if (!isRunning(running)) return fixture.cases.map((asked) => ({ title: titleOf(asked), wrong: [String(running)] }))
  const results: Result[] = []
  try {
    for (const asked of fixture.cases) {
      const { wrong, ...seen } = await running.ask(asked)
      const title = titleOf(asked)
      results.push({ title, wrong, ...(asked.except && { because: asked.except.because }), ...(wrong.length > 0 && { seen }) })
    }
  } finally {
    await running.stop()
  }
  return results
}

const isRunning = (value: unknown): value is Running => typeof value === 'object' && value !== null && 'ask' in value

/** Holds a router against GraphQL over HTTP and graphql-transport-ws. */
export async function runProtocols(run: Run): Promise<FamilyResult[]> {
  const [fixture] = entityKeys.fixtures
  if (!fixture) return []
  const running = await runFixture(fixture, run.server, run.openRouter)
  try {
    return [await overHttp(running), await overSockets(running)]
  } finally {
    await running.stop()
  }
}

async function overHttp({ url }: Pick<OpenRouter, 'url'>): Promise<FamilyResult> {
  const results: Result[] = []
  for (const { title, because, run } of httpAudits(url)) {
    const wrong = await run()
    // What CSRF protection forbids has to fail: should it pass one day, the protection is gone.
    if (because === undefined) results.push({ title, wrong })
    else
      results.push({
        title,
        because,
        wrong: wrong.length > 0 ? [] : ['passes, though the protection against forged requests forbids it'],
      })
  }
  return { family: 'GraphQL over HTTP', supergraphs: 1, results }
}

/** Together, because some wait for the router's patience to end. */
async function overSockets({ url }: Pick<OpenRouter, 'url'>): Promise<FamilyResult> {
  const results = await Promise.all(
    socketCases.map(async (one): Promise<Result> => ({ title: one.title, wrong: await converse(url, one) })),
  )
  return { family: 'graphql-transport-ws', supergraphs: 1, results }
}
