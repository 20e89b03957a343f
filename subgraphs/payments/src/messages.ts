import type { Messages } from '@pasar/shared/messages'

/** Payments has no problems of its own: its only mutations are internal, and their refusals are for orders to put into words. */
export const messages: Messages = {}
