import { unwatchFile, watchFile } from 'node:fs'
import type { Stop } from '@pasar/shared/events/bus'
import { errorDetails, type Log } from '@pasar/shared/log'
import type { Router } from '../router.ts'
import type { SupergraphTexts } from '../router-options.ts'

/** Files to watch, and what to do when one of them changes. */
export interface WatchOptions {
  readonly files: readonly string[]
  load(): SupergraphTexts
  readonly log: Log
}

/** How soon a changed file is noticed. */
const lookEveryMs = 1_000

/**
 * Replaces a router's supergraph when its files change. A text that cannot be loaded, such as one that is half written, is told and
 * passed over: the router goes on with what it has, and the next change is tried again.
 */
export function watchSupergraph(router: Pick<Router, 'replace'>, { files, load, log }: WatchOptions): Stop {
  let turn = Promise.resolve()
  const replace = async () => {
    try {
      await router.replace(load())
      log.info({}, 'the supergraph was replaced')
    } catch (error) {
      log.warn(errorDetails(error), 'a changed supergraph cannot be loaded; the one before stays')
    }
  }
  const changed = () => void (turn = turn.then(replace))
  for (const file of files) watchFile(file, { interval: lookEveryMs, persistent: false }, changed)
  return async () => {
    for (const file of files) unwatchFile(file, changed)
    await turn
  }
}
