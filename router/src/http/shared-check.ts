import type { Clock } from '@pasar/shared/clock'
import { routerLimits } from '../safety/limits.ts'

/** The same check, made once for all who ask within a moment: anybody may ask, as often as they like. */
export function sharedCheck(check: () => Promise<void>, clock: Clock): () => Promise<void> {
  let known: { readonly at: number; readonly found: Promise<void> } | undefined
  return () => {
    const at = clock.now().getTime()
    if (!known || Math.abs(at - known.at) >= routerLimits.readyCheckMs) known = { at, found: check() }
    return known.found
  }
}
