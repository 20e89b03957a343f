import type { GraphQLError } from 'graphql'
import { routerLimits } from '../safety/limits.ts'
import type { Follower } from './follower.ts'
import type { Pipe, Waiting } from './pipe.ts'

/** How a protocol writes what happens to one subscription. */
export interface Wording {
  next(text: string): string
  complete(): string
  fail(errors: readonly GraphQLError[]): string
}

/** What waits for the client of one subscription, bounded in number and in size. Nothing of it is left out before its last word. */
export class Mailbox implements Follower, Waiting {
  onRoom: () => void = () => undefined
  readonly #pipe: Pipe
  readonly #wording: Wording
  readonly #ended: () => void
  #waiting: string[] = []
  #characters = 0
  #last: string | undefined
  #over = false

  /** `ended` is called when the last word of the subscription is on its way. */
  constructor(pipe: Pipe, wording: Wording, ended: () => void) {
    this.#pipe = pipe
    this.#wording = wording
    this.#ended = ended
  }

  hasRoom(): boolean {
    const { framesWaitingMax, framesWaitingCharactersMax } = routerLimits
    return this.#waiting.length < framesWaitingMax && this.#characters < framesWaitingCharactersMax
  }

  hasCaughtUp(): boolean {
    return this.#waiting.length === 0
  }

  frame(text: string): void {
    if (this.#last !== undefined || this.#over) return
    if (this.#waiting.length === 0 && this.#pipe.isFree()) return this.#pipe.write(this.#wording.next(text))
    this.#waiting.push(text)
    this.#characters += text.length
    this.#pipe.wait(this)
  }

  complete(): void {
    this.#end(this.#wording.complete())
  }

  fail(errors: readonly GraphQLError[]): void {
    this.#end(this.#wording.fail(errors))
  }

  /** Ends the subscription in place of what waits: its cursor brings that back. */
  cutOff(errors: readonly GraphQLError[]): void {
    this.#waiting = []
    this.#last = this.#wording.fail(errors)
    this.#finish()
  }

  /** The client wants nothing more of this subscription. */
  drop(): void {
    this.#over = true
    this.#waiting = []
  }

  flush(): boolean {
    const hadRoom = this.hasRoom()
    const text = this.#waiting.shift()
    if (text !== undefined) {
      this.#characters -= text.length
      this.#pipe.write(this.#wording.next(text))
      if ((!hadRoom && this.hasRoom()) || this.hasCaughtUp()) this.onRoom()
    }
    this.#finish()
    return this.#waiting.length > 0
  }

  #end(last: string): void {
    this.#last ??= last
    this.#finish()
  }

  #finish(): void {
    if (this.#last === undefined || this.#over || this.#waiting.length > 0) return
    this.#over = true
    this.#pipe.write(this.#last)
    this.#ended()
  }
}
