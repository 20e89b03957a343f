import { json, type HttpRequest, type HttpResponse, type Route } from '@pasar/shared/http/server'
import { BadInput } from '@pasar/shared/problems'
import { hearDispute } from './commands/hear-dispute.ts'
import { hearPayout } from './commands/hear-payout.ts'
import { hearRefund } from './commands/hear-refund.ts'
import { recordMessage, type MessageOutcome } from './commands/record-message.ts'
import type { PaymentsDeps } from './context.ts'
import type { Notification, PaymentProvider, PayoutNews } from './providers/provider.ts'
import { notificationPath } from './providers/providers.ts'

/** A provider stops telling us what we answer 200 to; anything else it tells again. */
const answers: Readonly<Record<MessageOutcome | 'OTHER' | 'NOT_YET', number>> = {
  APPLIED: 200,
  DISPUTED: 200,
  SUPERSEDED: 200,
  DUPLICATE: 200,
  // Signed with our key but not about us: another installation of the same merchant account.
  UNKNOWN: 200,
  // A refund names its payment as the provider does, which we know of a page only when we have heard that it was paid.
  NOT_YET: 404,
  OTHER: 200,
  WRONG_AMOUNT: 400,
}

const needsLook: readonly string[] = ['UNKNOWN', 'NOT_YET', 'WRONG_AMOUNT', 'DISPUTED']

const subjectOf = (notification: Notification): string | undefined => {
  if (notification.kind === 'payment') return notification.message.paymentId
  if (notification.kind === 'payout') return notification.payout.name
  if (notification.kind === 'dispute') return notification.dispute.paymentId
  return notification.kind === 'refund' ? notification.refund.refundKey : undefined
}

/** A payout that is told by the provider's own name alone, which we do not know where its answer got lost: asked, it says ours too. */
async function hearOfPayout(deps: PaymentsDeps, provider: PaymentProvider, news: PayoutNews): Promise<MessageOutcome> {
  const { name, reference } = news
  const outcome = await hearPayout(deps, news)
  if (outcome !== 'UNKNOWN' || name !== reference) return outcome
  const said = await provider.payoutStatus({ withdrawalId: name, reference })
  return said ? hearPayout(deps, said) : outcome
}

async function hear(deps: PaymentsDeps, provider: PaymentProvider, notification: Notification): Promise<keyof typeof answers> {
  if (notification.kind === 'payment') return recordMessage(deps, notification.message, 'NOTIFICATION')
  if (notification.kind === 'payout') return hearOfPayout(deps, provider, notification.payout)
  if (notification.kind === 'dispute') return hearDispute(deps, notification.dispute)
  if (notification.kind !== 'refund') return 'OTHER'
  const outcome = await hearRefund(deps, notification.refund)
  return outcome === 'UNKNOWN' ? 'NOT_YET' : outcome
}

/** What came. The provider gives up telling what we cannot read, which may be about money: somebody has to hear of it. */
function read({ log }: PaymentsDeps, provider: PaymentProvider, request: HttpRequest): Notification {
  try {
    return provider.read(request)
  } catch (error) {
    if (error instanceof BadInput)
      log.warn({ provider: provider.name, field: error.field }, 'a notification that nobody here can read was refused')
    throw error
  }
}

async function receive(deps: PaymentsDeps, provider: PaymentProvider, request: HttpRequest): Promise<HttpResponse> {
  const notification = read(deps, provider, request)
  if (notification.kind === 'forged') {
    deps.log.warn({ provider: provider.name }, 'a notification that the provider has not signed was refused')
    return json(403, { status: 'refused' })
  }
  const outcome = await hear(deps, provider, notification)
  if (needsLook.includes(outcome))
    deps.log.warn({ provider: provider.name, subject: subjectOf(notification), outcome }, 'a payment notification needs a look')
  return json(answers[outcome], { status: outcome.toLowerCase() })
}

/** Where the providers tell us what happened to payments. */
export const openRoutes = (deps: PaymentsDeps): readonly Route[] =>
  deps.providers.open.map((provider) => ({
    method: 'POST',
    path: notificationPath(provider),
    handle: (request) => receive(deps, provider, request),
  }))
