import type { Client } from './client.ts'
import type { Live } from './live.ts'
import type { Simulators } from './simulator-endpoints.ts'

/** Someone who can sign in. */
export interface Account {
  readonly email: string
  readonly password: string
}

/** Whom the story needs of the market's own accounts. */
export interface Cast {
  readonly sellers: readonly [Account, Account]
  readonly admin: Account
}

/** Everything that the telling of the story needs. */
export interface Stage {
  readonly guest: Client
  readonly live: Live
  readonly simulators: Simulators
  readonly cast: Cast
  /** Tells the person at the terminal what happens. */
  tell(line: string): void
  /** A value that nobody has used before: mail addresses and idempotency keys are made of it. */
  fresh(): string
}
