import { median, rounded } from '../common/numbers.ts'
import type { PeerSample } from './rounds.ts'

/** Medians of one gateway and one operation; a ratio is the median of the ratios within each round. */
export function peerRows(samples: readonly PeerSample[], yardstick: string) {
  const keys = [...new Set(samples.map(({ operation, gateway }) => JSON.stringify([operation, gateway])))]
  return keys.map((key) => {
    const [operation, gateway] = JSON.parse(key) as [string, string]
    const own = samples.filter((one) => one.operation === operation && one.gateway === gateway)
    const middle = (of: (one: PeerSample) => number, digits = 2) => rounded(median(own.map(of)), digits)
    const rpsOf = (name: string, at: number) =>
      samples.find((one) => one.operation === operation && one.gateway === name && one.round === at)?.rps ?? Number.NaN
    return {
      operation,
      gateway,
      rps: middle(({ rps }) => rps, 0),
      timesVanilla: middle(({ rps, round }) => rps / rpsOf(yardstick, round)),
      p50: middle(({ p50 }) => p50, 1),
      p99: middle(({ p99 }) => p99, 1),
      cpuMsPerRequest: middle(({ cpuMsPerRequest }) => cpuMsPerRequest, 3),
      busy: middle(({ busy }) => busy),
      rssMb: Math.round(Math.max(...own.map(({ rssMb }) => rssMb))),
      errors: own.reduce((sum, { errors }) => sum + errors, 0),
    }
  })
}

/** Nobody named figures to reach here: answers must be equal, and ours at least as fast as the gateway that it is built on. */
export function peerTargets(rows: ReturnType<typeof peerRows>, wrong: number) {
  const ours = rows.filter(({ gateway }) => gateway === 'ours, signing')
  return [
    ...ours.map(({ operation, timesVanilla }) => ({
      target: `${operation}: times vanilla, with signatures`,
      figure: timesVanilla,
      wanted: '≥ 1',
      holds: timesVanilla >= 1,
    })),
    { target: 'answers that differ', figure: wrong, wanted: '0', holds: wrong === 0 },
  ]
}
