/** The connection of one client. */
export interface Outlet {
  /** Whether what was written is on its way, so that more may follow. */
  isFree(): boolean
  write(text: string): void
}

/** Whose frames wait. */
export interface Waiting {
  /** Writes one; says whether there is more. To be called while the pipe is free. */
  flush(): boolean
}

/** One client's connection, shared by its subscriptions: while it is full they wait, and then take turns. */
export class Pipe {
  readonly #outlet: Outlet
  readonly #waiting = new Set<Waiting>()

  constructor(outlet: Outlet) {
    this.#outlet = outlet
  }

  isFree(): boolean {
    return this.#outlet.isFree()
  }

  write(text: string): void {
    this.#outlet.write(text)
  }

  /** Remembers a mailbox in which frames wait. */
  wait(mailbox: Waiting): void {
    this.#waiting.add(mailbox)
  }

  /** To be called whenever the connection may be free again. */
  flush(): void {
    while (this.#waiting.size > 0 && this.isFree()) {
      for (const mailbox of this.#waiting) {
        if (!this.isFree()) return
        // Who was served goes behind the others.
        this.#waiting.delete(mailbox)
        if (mailbox.flush()) this.#waiting.add(mailbox)
      }
    }
  }
}
