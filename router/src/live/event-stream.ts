import type { Writable } from 'node:stream'
import type { Locale, Texts } from '@pasar/shared/locale'
import type { Operation } from '@pasar/shared/subgraph/operation'
import { toldError } from '@pasar/shared/subgraph/told'
import type { GraphQLError } from 'graphql'
import type { Router } from '../router.ts'
import { routerLimits } from '../safety/limits.ts'
import type { Caller } from '../subgraph/send.ts'
import type { Closing, Connections } from './connections.ts'
import { goingAway, sessionEnded, tokenExpired, tooMany } from './endings.ts'
import { Mailbox, type Wording } from './mailbox.ts'
import { Pipe } from './pipe.ts'
import { runOperation } from './run-operation.ts'

/** One operation over server-sent events. */
export interface EventStream {
  readonly router: Router
  readonly connections: Connections
  readonly operation: Operation
  readonly caller: Caller
  readonly address: string
}

const closings: Readonly<Record<Closing, () => GraphQLError>> = {
  'token expired': tokenExpired,
  'session ended': sessionEnded,
  'going away': goingAway,
}

const tooManyConnections: Texts = {
  id: 'Terlalu banyak sambungan yang terbuka: tutup yang tidak dipakai lagi',
  en: 'Too many connections are open: close those that are no longer used',
}

/** Protocol graphql-sse, distinct connections: results and refusals are `next` events, the end is a `complete` event. */
const wordingFor = (locale: Locale): Wording => ({
  next: (text) => `event: next\ndata: ${text}\n\n`,
  complete: () => 'event: complete\ndata:\n\n',
  fail: (errors) =>
    `event: next\ndata: ${JSON.stringify({ errors: errors.map((error) => toldError(error, locale)) })}\n\nevent: complete\ndata:\n\n`,
})

/** Runs an operation and writes what comes of it as events, until it is over or the client has enough. */
export function writeEvents({ router, connections, operation, caller, address }: EventStream, to: Writable): void {
  const mailbox = new Mailbox(pipeTo(to), wordingFor(caller.locale), () => to.end())
  let goodbye: NodeJS.Timeout | undefined
  const connection = connections.open(address, (why) => {
    // Its mailbox is empty then, and whoever else follows the same would be measured by it.
    leave()
    mailbox.cutOff([closings[why]()])
    goodbye ??= setTimeout(() => to.destroy(), routerLimits.socketGoodbyeMs).unref()
  })
  if (!connection?.signIn(caller.viewer, caller.token)) {
    connection?.leave()
    return mailbox.fail([tooMany(tooManyConnections)])
  }
  const heartbeat = setInterval(() => to.writableEnded || to.write(':\n\n'), routerLimits.streamHeartbeatMs).unref()
  to.once('close', () => {
    clearInterval(heartbeat)
    clearTimeout(goodbye)
    mailbox.drop()
    leave()
    connection.leave()
  })
  const { leave } = runOperation({ router, connection, caller }, operation, mailbox)
}

/** A client whose connection stays full for too long loses it: there is no other way to tell it anything. */
function pipeTo(to: Writable): Pipe {
  let stalled: NodeJS.Timeout | undefined
  const pipe = new Pipe({
    isFree: () => !to.writableNeedDrain,
    write: (text) => {
      if (to.destroyed || to.writableEnded || to.write(text)) return
      stalled ??= setTimeout(() => to.destroy(), routerLimits.stalledMs).unref()
    },
  })
  to.on('drain', () => {
    clearTimeout(stalled)
    stalled = undefined
    pipe.flush()
  })
  to.once('close', () => clearTimeout(stalled))
  // A client that is gone is no failure.
  to.on('error', () => undefined)
  return pipe
}
