import { isDeepStrictEqual } from 'node:util'
import type { Cores } from '../common/cores.ts'
import { warmUpBy, type LoadResult } from '../common/load.ts'
import { runNodeLoad } from '../common/node-load.ts'
import { usageOf } from '../common/usage.ts'
import { hasWrk, runWrk } from '../common/wrk.ts'
import type { RunningGateway } from './gateways.ts'
import type { PeerOperation } from './operations.ts'
import { viewerHeader } from './viewer-header.ts'
import type { Credentials, ViewerName } from './viewers.ts'

/** One gateway asked one operation for one round. */
export interface PeerSample {
  readonly gateway: string
  readonly operation: string
  readonly round: number
  readonly rps: number
  readonly p50: number
  readonly p99: number
  readonly errors: number
  readonly cpuMsPerRequest: number
  /** Share of its core that it was busy; what is missing is the subgraphs' and PostgreSQL's. */
  readonly busy: number
  readonly rssMb: number
}

/** What measuring takes. */
export interface PeerRounds {
  readonly folder: string
  readonly cores: Cores | undefined
  readonly connections: number
  readonly seconds: number
  readonly viewers: Readonly<Record<ViewerName, Credentials>>
  readonly say: (line: string) => void
}

function send({ folder, cores, connections, seconds, viewers }: PeerRounds, port: number, operation: PeerOperation) {
  const { authorization, viewer } = viewers[operation.viewer]
  const headers = { [viewerHeader]: viewer }
  const spec = {
    port,
    path: '/graphql',
    bodies: operation.bodies,
    authorizations: [authorization],
    headers,
    connections,
    seconds,
  }
  return hasWrk() ? runWrk(spec, folder, cores?.others) : runNodeLoad(spec, cores?.others)
}

/** Lets requests come for a while, without counting. */
export const warmUpPeer = (rounds: PeerRounds, { port }: RunningGateway, operation: PeerOperation): Promise<void> =>
  warmUpBy((seconds) => send({ ...rounds, seconds }, port, operation), 2)

/** Measures one gateway with one operation. */
export async function samplePeer(
  rounds: PeerRounds,
  { name, port, pid }: RunningGateway,
  { operation, round }: { readonly operation: PeerOperation; readonly round: number },
): Promise<PeerSample> {
  const before = usageOf(pid)
  const result: LoadResult = await send(rounds, port, operation)
  const after = usageOf(pid)
  const cpuMs = after.cpuMs - before.cpuMs
  const one = {
    gateway: name,
    operation: operation.name,
    round,
    rps: result.requests / result.seconds,
    p50: result.p50,
    p99: result.p99,
    errors: result.errors,
    cpuMsPerRequest: cpuMs / result.requests,
    busy: cpuMs / (result.seconds * 1_000),
    rssMb: after.rssMb,
  }
  rounds.say(`round ${round} ${operation.name}, ${name}: ${one.rps.toFixed(0)} rps, p99 ${one.p99.toFixed(1)} ms`)
  return one
}

/** Bodies of each operation whose answers are compared. */
const comparedMax = 20

/** Data and errors that a gateway answers with to the first bodies of an operation. */
export async function answersOf(
  { viewers }: PeerRounds,
  { port }: RunningGateway,
  { bodies, viewer: who }: PeerOperation,
): Promise<unknown[]> {
  const { authorization, viewer } = viewers[who]
  const own = authorization === '' ? {} : { authorization }
  const headers = { 'content-type': 'application/json', accept: 'application/json', [viewerHeader]: viewer, ...own }
  const answers: unknown[] = []
  for (const body of bodies.slice(0, comparedMax)) {
    const response = await fetch(`http://127.0.0.1:${port}/graphql`, { method: 'POST', headers, body })
    const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown }
    answers.push({ data, errors })
  }
  return answers
}

/** Why answers are not the right ones; undefined when they are. */
export function peerDifference(answers: readonly unknown[], right: readonly unknown[]): string | undefined {
  const wrong = answers.findIndex((answer, index) => !isDeepStrictEqual(answer, right[index]))
  return wrong < 0
    ? undefined
    : `${JSON.stringify(answers[wrong]).slice(0, 400)} in place of ${JSON.stringify(right[wrong]).slice(0, 400)}`
}
