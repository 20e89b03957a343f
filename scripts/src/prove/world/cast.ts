import type { Stop } from '@pasar/shared/events/bus'
import type { Domain } from '@pasar/shared/domains'
import { openPostgres, type Postgres } from '@pasar/shared/postgres/pool'
import { despiteCrashes } from '../../postgres/gone.ts'
import { domainOf, memberNames, openMember, type Member, type MemberName, type MemberParts, type Wake } from './member.ts'

/** The processes of a market, and their deaths. */
export interface Cast {
  member(name: MemberName): Member | undefined
  /** The first replica of a domain that lives. */
  find(domain: Domain): Member | undefined
  kill(names: readonly MemberName[]): Promise<void>
  crashDatabase(): Promise<void>
  isWhole(): boolean
  revive(): Promise<void>
  /** Does the due work of everybody once, and then that of the world outside; says how much there was. */
  tick(wake: Wake, outside: () => Promise<number>): Promise<number>
  stop: Stop
}

/** How the database of the cast is reached and ended. */
export interface CastOptions {
  readonly adminUrl: string
  readonly crashDatabase?: () => Promise<void>
}

/** Opens every process once. */
export async function openCast(
  parts: MemberParts,
  { adminUrl, crashDatabase = async () => undefined }: CastOptions,
): Promise<Cast> {
  const members = new Map<MemberName, Member>()
  const admin = openPostgres({ url: adminUrl, connectionsMax: 1 })
  // One death after the other; and a new process must not meet what is left of the old one: PostgreSQL needs a moment to notice its end.
  let dying: Promise<void> = Promise.resolve()
  const revive = async () => {
    await dying
    const dead = memberNames.filter((name) => members.get(name)?.life.isOver() !== false)
    // Where its database is gone, a process ends as it starts, and whoever keeps it running starts it again.
    for (const name of dead) members.set(name, await despiteCrashes(() => openMember(name, parts)))
  }
  await revive()
  return {
    member: (name) => members.get(name),
    find: (domain) => [...members.values()].find(({ name, life }) => domainOf(name) === domain && !life.isOver()),
    kill: (names) => {
      const victims = names.map((name) => members.get(name)!)
      // At once, before anybody hears of it.
      for (const { life } of victims) life.end()
      dying = dying.then(() => bury(admin, victims))
      return dying
    },
    crashDatabase: () => {
      dying = dying.then(crashDatabase)
      return dying
    },
    isWhole: () => [...members.values()].every(({ life }) => !life.isOver()),
    revive,
    tick: async (wake, outside) => {
      await dying
      let done = 0
      // A round that fails is made again in the next one, as a worker's loop does.
      for (const { life, work } of members.values()) if (!life.isOver()) done += await work(wake).catch(() => 1)
      return done + (await outside())
    },
    stop: async () => {
      await dying
      for (const { body, life } of members.values()) if (!life.isOver()) await body.stop()
      await admin.stop()
    },
  }
}

const endSessions = {
  name: 'end sessions',
  text: `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ANY($1::text[])`,
}

/** Ends what PostgreSQL was at for the dead, as it does by itself when their connections break. */
async function bury({ pool }: Postgres, victims: readonly Member[]): Promise<void> {
  for (const { body } of victims) body.end()
  const sessions = victims.map((victim) => victim.sessions)
  // Until the last one is gone: what it held is free then.
  while ((await pool.query({ ...endSessions, values: [sessions] })).rows.length > 0);
}
