import { attack, ways, type Attack, type Ending, type Way } from './client.ts'
import { httpRows } from './http-rows.ts'
import { innerRows } from './inner-rows.ts'
import { operationRows } from './operation-rows.ts'
import { peopleRows } from './people-rows.ts'
import { hold, type Arena, type OperationRow, type Outcome, type Row } from './row.ts'
import { socketRows } from './socket-rows.ts'

/** Refusals take less of a processor than this. */
const refusalCpuMs = 50
const rounds = 5

/** Runs the whole list of attacks. */
export async function runRows(arena: Arena, only: string | undefined): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  const wanted = ({ id }: { readonly id: string }) => only === undefined || only.split(',').includes(id)
  for (const row of operationRows.filter(wanted)) outcomes.push(await runOperation(arena, row))
  for (const row of [...httpRows, ...socketRows, ...innerRows, ...peopleRows].filter(wanted))
    outcomes.push(await runRow(arena, row))
  return outcomes.toSorted((a, b) => a.id.localeCompare(b.id))
}

async function runRow(arena: Arena, { id, what, run }: Row): Promise<Outcome> {
  arena.say(`${id} ${what}`)
  try {
    return { id, what, result: 'held', note: await run(arena) }
  } catch (error) {
    return { id, what, result: 'broken', note: error instanceof Error ? error.message.slice(0, 400) : String(error) }
  }
}

/** Sends it over every way, each a few times: the middle of what they cost counts, for the first time compiles what the next ones use. */
async function runOperation(arena: Arena, { id, what, attack: given, codes }: OperationRow): Promise<Outcome> {
  const what1 = typeof given === 'function' ? given(arena) : given
  const cpu: number[] = []
  try {
    for (const way of ways) cpu.push(await costOver(arena, { way, what: what1 }, (ending) => check(ending, codes)))
  } catch (error) {
    return { id, what, result: 'broken', note: error instanceof Error ? error.message.slice(0, 400) : String(error) }
  }
  const cpuMs = Math.max(...cpu)
  const isRefused = codes.length > 0 && codes[0] !== 'BAD_USER_INPUT'
  const result = isRefused && cpuMs >= refusalCpuMs ? 'broken' : 'held'
  return { id, what, result, cpuMs, note: `${ways.join(', ')}: ${codes[0] ?? 'answered'}` }
}

async function costOver(
  arena: Arena,
  { way, what }: { way: Way; what: Attack },
  look: (ending: Ending) => void,
): Promise<number> {
  const costs: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    await arena.usage()
    const ending = await attack(arena.url, way, what)
    costs.push((await arena.usage()).cpuMs)
    look(ending)
  }
  return costs.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]!
}

function check({ codes: got, text, status }: Ending, codes: readonly string[]): void {
  // A message that is too big for a socket ends it, before anything reads it.
  if (status === 1009 && codes[0] === 'GRAPHQL_PARSE_FAILED') return
  const fits = codes.length === 0 ? got.length === 0 && status === 200 : codes.some((code) => got.includes(code))
  hold(fits, `ended with ${status} ${text.slice(0, 300)}`)
  hold(!/Did you mean|\bat \/|http:\/\/127|stacktrace/.test(text), `it tells too much: ${text.slice(0, 300)}`)
}
