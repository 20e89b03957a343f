import { setTimeout as pause } from 'node:timers/promises'
import type { Domain } from '@pasar/shared/domains'
import { errorDetails } from '@pasar/shared/log'
import { errorCodes, NotSignedIn } from '@pasar/shared/problems'
import { graphqlError } from '@pasar/shared/subgraph/told'
import { graphqlPath, type SubgraphTransport } from '@pasar/shared/http/transport'
import type { ExecutionResult } from 'graphql'
import type { Payer } from '../cost/viewer-budgets.ts'
import { queryKey } from '../operation/sharing.ts'
import type { RouterOptions } from '../router-options.ts'
import { routerLimits } from '../safety/limits.ts'
import { toTell } from '../subgraph/send.ts'
import { Audience, type Ending } from './audience.ts'
import { refusedAtDoor, tooSlow, upstreamLost } from './endings.ts'
import type { Follower, Leave } from './follower.ts'
import { refusalOf, type FrameOptions, type LiveOperation } from './frames.ts'
import { cursorGiven, cursorOf, isFromNow } from './place.ts'
import { resumedAt, upstreamPayload, type UpstreamPayload } from './upstream-payload.ts'

/** What reaching the sources of streams takes. */
export interface UpstreamOptions extends FrameOptions, Pick<RouterOptions, 'transports' | 'signer'> {}

type Events = Awaited<ReturnType<SubgraphTransport['subscribe']>>

/** A subgraph that does not believe us; what a client may not see is told in results instead. */
const isRefusedDoor = (error: unknown) => error instanceof NotSignedIn

/** Longest pause between two tries to come back. */
const pauseMsMax = 1_000

/**
 * One stream of one subgraph, for all clients who ask for the same of it in the same name. A stream that is lost is taken up again behind
 * its last cursor; what cannot be ends with an error that says so.
 */
export class Upstream {
  readonly payload: UpstreamPayload
  /** The operation of whoever came first: it says what is asked, and in whose name. */
  readonly #first: LiveOperation
  readonly #options: UpstreamOptions
  readonly #audiences = new Map<string, Audience>()
  readonly #onEmpty: () => void
  #events: Events | undefined
  #begun = false
  #ended = false
  #stopped = false
  /** Behind which cursor the stream stands, if that is known. */
  #cursor: string | undefined
  #wake: () => void = () => undefined

  constructor(options: UpstreamOptions, live: LiveOperation, onEmpty: () => void) {
    this.#options = options
    this.#first = live
    this.#onEmpty = onEmpty
    this.payload = upstreamPayload(live)
    this.#cursor = cursorGiven(this.#place, live.admitted.coerced)
  }

  /** Whether who comes now would get neither less nor more than a stream of its own would bring. */
  canBeJoined(live: LiveOperation): boolean {
    if (this.#ended) return false
    if (!this.#begun) return true
    return isFromNow(this.#place, this.#first.admitted.coerced) && !this.#isBehindFor(live)
  }

  /** The stream is read at the pace of the fastest of its audiences, and each makes its frames at its own. */
  #isBehindFor(live: LiveOperation): boolean {
    const own = this.#audiences.get(queryKey(live.admitted))
    return (own ? [own] : [...this.#audiences.values()]).every((audience) => audience.wasHeldBack())
  }

  join(live: LiveOperation, follower: Follower, payer: Payer): Leave {
    const key = queryKey(live.admitted)
    const known = this.#audiences.get(key)
    const audience = known?.isEnding() === false ? known : this.#audienceFor(live, key)
    audience.add(follower, payer)
    return () => audience.remove(follower)
  }

  /** Takes events until the stream is over. */
  async run(): Promise<void> {
    const { log } = this.#options
    let lostAt: number | undefined
    for (let tries = 0; ; tries += 1) {
      const openedAt = performance.now()
      const ending = await this.#follow()
      if (this.#stopped) return
      if (ending !== 'lost') return this.#end(ending)
      // This was a life: a try that nobody answers is over after limits.upstreamOpenMs, and that is sooner.
      if (performance.now() - openedAt > routerLimits.reattachMs) lostAt = undefined
      if (lostAt === undefined) tries = 0
      lostAt ??= performance.now()
      const hopeless = this.#cursor === undefined || performance.now() - lostAt > routerLimits.reattachMs
      log.warn({ subgraph: this.#subgraph, requestId: this.#first.caller.requestId, hopeless }, 'an upstream was lost')
      if (hopeless) return this.#end(upstreamLost())
      // Also where nothing has come yet: a subgraph that is not well again has not refused what it had taken up.
      this.#begun = true
      await pause(Math.min(pauseMsMax, 20 * 2 ** tries), undefined, { ref: false })
    }
  }

  /** Exchanges the operations of a replaced schema for what `renew` makes of them, or ends those for which it says how. */
  renew(renew: (live: LiveOperation) => LiveOperation | Ending): void {
    for (const audience of this.#audiences.values()) {
      const next = renew(audience.live)
      if (typeof next === 'object' && 'compiled' in next) audience.live = next
      else audience.end(next)
    }
  }

  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#wake()
    this.#letGo(this.#events)
  }

  get #place() {
    return this.#first.compiled.place!
  }

  get #subgraph(): string {
    return this.#first.compiled.primary!.serviceName
  }

  #audienceFor(live: LiveOperation, key: string): Audience {
    const audience = new Audience(this.#options, live)
    this.#audiences.set(key, audience)
    audience.onChange = () => {
      if (audience.isEmpty() && this.#audiences.get(key) === audience) this.#audiences.delete(key)
      this.#wake()
      if (this.#audiences.size > 0 || this.#stopped) return
      this.stop()
      this.#onEmpty()
    }
    return audience
  }

  /** One life of the stream. */
  async #follow(): Promise<Ending | 'lost'> {
    const events = await this.#open()
    if ('ending' in events) return events.ending
    try {
      this.#events = events
      if (this.#stopped) return 'lost'
      for (;;) {
        const step = await events.next()
        if (this.#stopped) return 'lost'
        if (step.done) return 'over'
        if (step.value.data === undefined) return this.#refused(step.value)
        this.#take(step.value)
        await this.#room()
      }
    } catch (error) {
      this.#log(error, 'a stream failed')
      return isRefusedDoor(error) ? refusedAtDoor() : 'lost'
    } finally {
      this.#letGo(events)
    }
  }

  /** Once: a stream that waits for its next event ends by this. */
  #letGo(events: Events | undefined): void {
    if (events === undefined || this.#events !== events) return
    this.#events = undefined
    events.return?.().catch((error: unknown) => this.#log(error, 'a stream did not end as it should'))
  }

  async #open(): Promise<Events | { readonly ending: Ending | 'lost' }> {
    const { transports, signer } = this.#options
    const { caller } = this.#first
    const payload = this.#begun && this.#cursor !== undefined ? resumedAt(this.payload, this.#cursor) : this.payload
    try {
      const headers = await signer.headers(this.#subgraph as Domain, caller, { path: graphqlPath, body: '' })
      return await transports[this.#subgraph]!.subscribe({ headers, payload })
    } catch (error) {
      this.#log(error, 'a subscription did not start')
      if (isRefusedDoor(error)) return { ending: refusedAtDoor() }
      return { ending: this.#begun ? 'lost' : graphqlError(toTell(error)) }
    }
  }

  /** A refusal with a reason is told; without one, or where it can be tried again, the stream was lost. */
  #refused(event: ExecutionResult): Ending | 'lost' {
    const { code, retryable } = event.errors?.[0]?.extensions ?? {}
    const isReason = (errorCodes as readonly unknown[]).includes(code) && retryable !== true
    return this.#begun && !isReason ? 'lost' : refusalOf(this.#options, this.#first.caller, event)
  }

  #take(event: ExecutionResult): void {
    this.#begun = true
    this.#cursor = cursorOf(this.#place, event.data)
    const [first, ...others] = this.#audiences.values()
    // A frame is made of its event's own objects.
    for (const audience of others) this.#give(audience, { ...event, ...structuredClone({ data: event.data! }) })
    if (first) this.#give(first, event)
  }

  #give(audience: Audience, event: ExecutionResult): void {
    if (audience.hasRoom()) audience.take(event)
    else audience.end(tooSlow())
  }

  /** Waits until all audiences can take an event, or one has made frames of all it was given: the stream is read at the pace of the fastest. */
  async #room(): Promise<void> {
    const isWaiting = (audiences: readonly Audience[]) =>
      !audiences.every((audience) => audience.hasRoom()) && !audiences.some((audience) => audience.hasCaughtUp())
    while (!this.#stopped && isWaiting([...this.#audiences.values()]))
      await new Promise<void>((resolve) => (this.#wake = resolve))
  }

  #end(ending: Ending): void {
    this.#ended = true
    for (const audience of this.#audiences.values()) audience.end(ending)
  }

  #log(error: unknown, what: string): void {
    const { requestId } = this.#first.caller
    this.#options.log.warn({ ...errorDetails(error), subgraph: this.#subgraph, requestId }, what)
  }
}
