import type { GraphQLError } from 'graphql'

/** Where the frames of one subscription go, whatever protocol its client speaks. */
export interface Follower {
  /** Whether it can take one more frame now. */
  hasRoom(): boolean
  /** Whether nothing that it was given still waits. */
  hasCaughtUp(): boolean
  /** Takes a frame, the JSON text of a result. Only to be called while there is room. */
  frame(text: string): void
  /** The subscription is over; frames that still wait come first. */
  complete(): void
  /** The subscription ends with errors; frames that still wait come first. */
  fail(errors: readonly GraphQLError[]): void
  /** Called, once it is set, whenever there is room again, and when it has caught up. */
  onRoom: () => void
}

/** Ends a subscription from the client's side. */
export type Leave = () => void
