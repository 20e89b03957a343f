import type { Texts } from '@pasar/shared/locale'
import { CodedError, internalError, NotSignedIn, type ErrorCode } from '@pasar/shared/problems'
import { graphqlError } from '@pasar/shared/subgraph/told'
import type { GraphQLError } from 'graphql'

/** The same subscription, asked again from behind its last frame, may go on. */
const again = (code: ErrorCode, texts: Texts) => () => graphqlError(new CodedError(code, texts, { retryable: true }))

/** The upstream is gone though the client did not say so. */
export const upstreamLost: () => GraphQLError = again('SUBSCRIPTION_UPSTREAM_LOST', {
  id: 'Sambungan langsung ke satu bagian pasar terputus: berlangganan lagi mulai dari kursor terakhir',
  en: 'The live connection to a part of the market was lost: subscribe again from the last cursor',
})

/** A subgraph does not believe the router: our fault, and not a word about the client's own signing in. */
export const refusedAtDoor = (): GraphQLError => graphqlError(internalError({ retryable: true }))

/** More frames wait than are kept for a client. */
export const tooSlow: () => GraphQLError = again('SUBSCRIPTION_TOO_SLOW', {
  id: 'Frame datang lebih cepat daripada diambil: berlangganan lagi mulai dari kursor terakhir',
  en: 'Frames come faster than they are taken: subscribe again from the last cursor',
})

/** The new schema answers this operation in another way. */
export const schemaReloaded: () => GraphQLError = again('SUBSCRIPTION_SCHEMA_RELOAD', {
  id: 'Skema pasar berubah: berlangganan lagi mulai dari kursor terakhir',
  en: 'The schema of the market has changed: subscribe again from the last cursor',
})

/** The router stops; another one goes on. */
export const goingAway: () => GraphQLError = again('SUBSCRIPTION_GOING_AWAY', {
  id: 'Router ini berhenti: berlangganan lagi mulai dari kursor terakhir',
  en: 'This router is stopping: subscribe again from the last cursor',
})

/** The new schema does not answer this operation at all. */
export const schemaWithout = (): GraphQLError =>
  graphqlError(
    new CodedError(
      'SUBSCRIPTION_SCHEMA_RELOAD',
      {
        id: 'Skema pasar berubah, dan langganan ini tidak berlaku lagi di skema yang baru',
        en: 'The schema of the market has changed, and this subscription is no longer valid in it',
      },
      { retryable: false },
    ),
  )

/** The token that the connection was opened with is over. */
export const tokenExpired = (): GraphQLError =>
  graphqlError(
    new NotSignedIn({
      id: 'Access token sudah berakhir: perbarui sesi, lalu berlangganan lagi',
      en: 'The access token has expired: refresh the session, then subscribe again',
    }),
  )

/** The session that the connection belongs to was ended. */
export const sessionEnded = (): GraphQLError =>
  graphqlError(new NotSignedIn({ id: 'Sesi ini sudah diakhiri: masuk lagi', en: 'This session was ended: sign in again' }))

/** One client holds as much as it may. */
export const tooMany = (texts: Texts): GraphQLError => graphqlError(new CodedError('RATE_LIMITED', texts))
