import { setTimeout as pause } from 'node:timers/promises'
import { limits } from '@pasar/shared/limits'
import type { Worker } from '@pasar/shared/process/worker'
import { claimCheckout, type Begun } from '../store/checkouts.ts'
import { findSagas, renewLeases, type Lease, type Saga } from '../store/sagas.ts'
import { advance, isOpen, type SagaDeps } from './advance.ts'

/** How often somebody else's work on a checkout is looked at while a buyer waits for it. */
const lookMs = 50

/** Sagas that one worker drives at the same time. */
const lanes = 4

/** Sagas that this process holds, each driven until it ends or waits. */
function openDrives(deps: SagaDeps) {
  const { db, clock } = deps
  const running = new Map<string, Promise<Saga | undefined>>()
  const held = new Set<Lease>()
  /** The saga as it was left; undefined when another runner has taken it over. */
  const drive = async ({ saga: claimed, checkout }: Begun) => {
    let saga: Saga | undefined = claimed
    while (saga && isOpen(saga)) {
      saga = await advance(deps, checkout, saga)
      if (saga?.leaseUntil === null) break
    }
    return saga
  }
  const run = (claimed: Begun): Promise<Saga | undefined> => {
    const { saga } = claimed
    held.add(saga)
    const work = drive(claimed).finally(() => {
      held.delete(saga)
      if (running.get(saga.checkoutId) === work) running.delete(saga.checkoutId)
    })
    running.set(saga.checkoutId, work)
    // Whoever waits for it sees its failure; the saga itself is taken up again when its lease has run out.
    work.catch(() => undefined)
    return work
  }
  // Beside the sagas' own worker, which waits as long as a participant takes: the lease of a process that lives does not run out.
  const leases: Worker = {
    name: 'orders leases',
    everyMs: limits.leaseRenewMs,
    run: async () => {
      if (held.size > 0) await renewLeases(db, [...held], clock.now())
      return 0
    },
  }
  return { running, run, leases, claim: (checkoutId?: string) => claimCheckout(db, clock.now(), checkoutId) }
}

/** How somebody waits for a checkout: whether with one that was just begun, and how long. */
interface Waiting {
  readonly begun?: Begun | undefined
  readonly withinMs?: number
}

/** Drives sagas: the ones that a command begins, and the ones that are due and that nobody holds. */
export function openRunner(deps: SagaDeps) {
  const { db } = deps
  const { running, run, leases, claim } = openDrives(deps)
  const lane = async (first: Begun) => {
    let driven = 0
    for (let begun: Begun | undefined = first; begun; begun = await claim()) {
      await run(begun)
      driven += 1
    }
    return driven
  }
  const worker: Worker = {
    name: 'orders sagas',
    everyMs: limits.duePollMs,
    run: async () => {
      const driving: Promise<number>[] = []
      // One after the other: where nothing is due, one look is enough.
      for (let due = await claim(); due; due = driving.length < lanes ? await claim() : undefined) {
        const driven = lane(due)
        // Its failure is told below, also when it comes during another claim.
        driven.catch(() => undefined)
        driving.push(driven)
      }
      return (await Promise.all(driving)).reduce((sum, driven) => sum + driven, 0)
    },
  }
  return {
    workers: [worker, leases],
    /** Drives a saga that has become due, without waiting for it. */
    kick: (checkoutId: string): void => {
      void claim(checkoutId)
        .then((begun) => begun && run(begun))
        .catch(() => undefined)
    },
    /** Drives a checkout as far as it goes now, or waits for whoever does; at most as long as its buyer is kept waiting. */
    settle: async (checkoutId: string, { begun, withinMs = limits.checkoutWorkMs }: Waiting = {}): Promise<void> => {
      const over = AbortSignal.timeout(withinMs)
      const ended = new Promise<void>((resolve) => over.addEventListener('abort', () => resolve(), { once: true }))
      if (begun) void run(begun)
      while (!over.aborted) {
        const mine = running.get(checkoutId)
        const left = mine && (await Promise.race([mine, ended]))
        // Whoever has wished for something since then has to look again.
        if (begun && left?.nextTryAt === null) return
        const [saga] = await findSagas(db, [checkoutId])
        if (!saga || saga.nextTryAt === null || saga.attempts > 0) return
        const claimed = over.aborted ? undefined : await claim(checkoutId)
        if (claimed) void run(claimed)
        else await pause(lookMs)
      }
    },
    stop: async (): Promise<void> => void (await Promise.allSettled(running.values())),
  }
}

/** Drives sagas; see openRunner. */
export type Runner = ReturnType<typeof openRunner>
