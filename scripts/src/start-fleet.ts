import { once } from 'node:events'
import { domains } from '@pasar/shared/domains'
import { readSettings } from '@pasar/shared/process/settings'
import { runCommand } from './command.ts'
import { startFleet } from './fleet/fleet.ts'
import { reachRedis } from '@pasar/shared/events/reach-redis'
import { StartProblem } from './start-problem.ts'
import { stopAsked } from './stop-asked.ts'

/** `npm run start:fleet`: every subgraph and the router as a process of its own on this machine. */
await runCommand(async () => {
  const settings = readSettings(process.env)
  if (settings.REDIS_URL === undefined)
    throw new StartProblem(
      'A fleet needs Redis 7+, through which its processes hand events to each other: set REDIS_URL, for example REDIS_URL=redis://127.0.0.1:6379. Without Redis, "npm start" runs everything in one process.',
    )
  const stopping = stopAsked()
  await reachRedis(settings.REDIS_URL, console.log)
  try {
    const fleet = await startFleet({ env: process.env, settings, say: console.log, stopping })
    console.log(`\nA fleet of ${domains.length} subgraphs and a router answers at ${fleet.url}`)
    if (!stopping.aborted) await once(stopping, 'abort')
    await fleet.stop()
  } catch (error) {
    if (!stopping.aborted) throw error
  }
  process.exit(0)
})
