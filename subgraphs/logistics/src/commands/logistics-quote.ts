import { problem } from '@pasar/shared/problems'
import type { LogisticsContext } from '../context.ts'
import { quote, type Journey, type NoOffer, type Offer, type Service } from '../domain/rates.ts'
import type { LogisticsQuoteInput } from '../generated/resolvers.ts'

/** What the chosen services ask. It changes nothing, so it needs no record of having been asked. */
export async function logisticsQuote({ loaders }: LogisticsContext, { groups }: LogisticsQuoteInput) {
  const services = new Map((await loaders.services()).map((service) => [service.id, service]))
  const quoted = groups.map((group) => ({ group, ...quoteGroup(services.get(group.courierServiceId), group) }))
  const refused = quoted.find(({ reason }) => reason !== undefined)
  if (refused) return problem('LogisticsUnavailable', { shopId: refused.group.shopId, reason: refused.reason! })
  return {
    __typename: 'LogisticsQuoted' as const,
    groups: quoted.map(({ group, service, offer }) => ({
      shopId: group.shopId,
      courierServiceId: group.courierServiceId,
      serviceName: `${service!.courierName} ${service!.name}`,
      ...offer!,
    })),
  }
}

interface QuotedGroup {
  readonly service?: Service
  readonly offer?: Offer
  readonly reason?: NoOffer | 'UNKNOWN_SERVICE'
}

function quoteGroup(service: Service | undefined, journey: Journey): QuotedGroup {
  if (!service) return { reason: 'UNKNOWN_SERVICE' }
  const result = quote(service, journey)
  return typeof result === 'string' ? { reason: result } : { service, offer: result }
}
