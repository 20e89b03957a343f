import { randomUUID } from 'node:crypto'
import { openClient } from './client.ts'
import { Deviation } from './deviation.ts'
import { openLive } from './live.ts'
import { simulatorsAt } from './simulator-endpoints.ts'
import type { Cast } from './stage.ts'
import { playStory } from './story.ts'
import { deviationsOf, type Summary } from './summary.ts'

/** Where the story is played, with whom, and who hears of it. */
export interface PlayOptions {
  /** Address of the market's router. */
  readonly url: string
  /** Address below which the simulators answer; in a fleet another one than the router's. */
  readonly simulators: string
  readonly cast: Cast
  tell(line: string): void
  /** How long a live frame may take. */
  readonly frameWithinMs?: number
}

const frameWithinMsDefault = 30_000

/** Plays the whole story as a client from outside; throws Deviation for whatever is not as it must be. */
export async function playDemo(options: PlayOptions): Promise<Summary> {
  const { url, simulators, cast, tell, frameWithinMs = frameWithinMsDefault } = options
  const guest = openClient(url)
  const live = openLive((line) => tell(`  ▸ ${line}`), frameWithinMs)
  try {
    const story = await playStory({ guest, live, simulators: simulatorsAt(simulators), cast, tell, fresh: randomUUID })
    const deviations = deviationsOf(story)
    if (deviations.length > 0) throw new Deviation(deviations.join('\n'))
    return { market: url, ...story, ok: true }
  } finally {
    await guest.stop()
  }
}
