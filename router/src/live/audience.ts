import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ExecutionResult, GraphQLError } from 'graphql'
import type { Payer } from '../cost/viewer-budgets.ts'
import { routerLimits } from '../safety/limits.ts'
import { tooSlow } from './endings.ts'
import type { Follower } from './follower.ts'
import { frameText, type FrameOptions, type LiveOperation } from './frames.ts'

/** How a stream ends: with errors, or because it is over. */
export type Ending = 'over' | GraphQLError

/**
 * The clients of identical operations. Each frame is made once for all of them, in the order of the events, when all have room for it, or
 * when one of them has taken everything: who has none by then is slower than that one by all that is kept for a client, and is told so.
 * As long as something waits for everybody, nobody is held back by waiting for the others.
 */
export class Audience {
  /** Exchanged when the schema is; a frame that is being made ends with the one it began with. */
  live: LiveOperation
  /** Called when there is room for an event again, when none waits any more, and when the last client has left. */
  onChange: () => void = () => undefined
  readonly #options: FrameOptions
  readonly #followers = new Map<Follower, Payer>()
  readonly #events: ExecutionResult[] = []
  #ending: Ending | undefined
  #working = false
  #heldBack = false
  #unpaid = false
  #wake: () => void = () => undefined

  constructor(options: FrameOptions, live: LiveOperation) {
    this.#options = options
    this.live = live
  }

  isEmpty(): boolean {
    return this.#followers.size === 0
  }

  isEnding(): boolean {
    return this.#ending !== undefined
  }

  add(follower: Follower, payer: Payer): void {
    this.#followers.set(follower, payer)
    follower.onRoom = () => this.#wake()
    this.#wake()
  }

  remove(follower: Follower): void {
    if (!this.#followers.delete(follower)) return
    if (this.isEmpty()) this.#events.length = 0
    this.#wake()
    this.onChange()
  }

  hasRoom(): boolean {
    return this.#events.length < routerLimits.eventsWaitingMax
  }

  /** Whether no event waits for its frame. */
  hasCaughtUp(): boolean {
    return this.#events.length === 0
  }

  /** Whether it ever waited for its clients: it may go through what is past since then, which nobody gets who asks for what happens now. */
  wasHeldBack(): boolean {
    return this.#heldBack
  }

  take(event: ExecutionResult): void {
    // What comes after an event that was left out would look as if nothing were missing.
    if (this.#ending) return
    this.#events.push(event)
    if (!this.#working) void this.#work()
  }

  /** Ends behind the frames of the events that were taken. */
  end(ending: Ending): void {
    this.#ending ??= ending
    if (!this.#working) this.#finish()
  }

  async #work(): Promise<void> {
    this.#working = true
    for (let event = this.#events.shift(); event; event = this.#events.shift()) {
      this.onChange()
      await this.#paid()
      await this.#room()
      if (this.isEmpty()) break
      await this.#deliver(await frameText(this.#options, this.live, event))
    }
    this.#working = false
    if (this.#ending) this.#finish()
  }

  /** Waits until one of them can pay for a frame, and charges that one, or until nobody is left. What is not made stays in the subgraph's log. */
  async #paid(): Promise<void> {
    while (!this.isEmpty()) {
      const { cost } = this.live.admitted
      let seconds = Infinity
      for (const payer of this.#followers.values()) {
        const wait = payer.wait()
        if (wait === 0) return payer.pay(cost)
        seconds = Math.min(seconds, wait)
      }
      this.#noteUnpaid()
      await this.#wokenWithin(seconds)
    }
  }

  /** Told once: who watches such a stream sees nothing but that it is late. */
  #noteUnpaid(): void {
    const { admitted, compiled, caller } = this.live
    const { requestId } = caller
    if (!this.#unpaid)
      this.#options.log.warn(
        { subgraph: compiled.primary!.serviceName, cost: admitted.cost, requestId },
        'a stream is held back by its budget',
      )
    this.#unpaid = true
    this.#heldBack = true
  }

  #wokenWithin(seconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000).unref()
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Waits until all can take a frame, or it is clear who is too slow for the others, or nobody is left. */
  async #room(): Promise<void> {
    while (!this.#allHaveRoom() && !this.#someoneHasCaughtUp()) {
      this.#heldBack = true
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  #allHaveRoom(): boolean {
    for (const follower of this.#followers.keys()) if (!follower.hasRoom()) return false
    return true
  }

  #someoneHasCaughtUp(): boolean {
    for (const follower of this.#followers.keys()) if (follower.hasCaughtUp()) return true
    return false
  }

  async #deliver(text: string): Promise<void> {
    this.#options.onFrame(this.live.caller.viewer)
    let delivered = 0
    for (const follower of this.#followers.keys()) {
      if (follower.hasRoom()) follower.frame(text)
      else this.#lose(follower)
      delivered += 1
      if (delivered % routerLimits.deliveriesAtOnceMax === 0) await nextTurn()
    }
  }

  #lose(follower: Follower): void {
    this.remove(follower)
    follower.fail([tooSlow()])
  }

  #finish(): void {
    const ending = this.#ending
    for (const follower of this.#followers.keys()) {
      this.#followers.delete(follower)
      if (ending === 'over') follower.complete()
      else if (ending) follower.fail([ending])
    }
    this.onChange()
  }
}
