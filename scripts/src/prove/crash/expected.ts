import { pointNames } from '@pasar/orders/saga/points'
import { loadSubgraphSdl } from '@pasar/schema/load'
import { domains } from '@pasar/shared/domains'
import { boundaries } from '@pasar/shared/points'
import { Kind, visit } from 'graphql'

/** Internal commands that change nothing: they have no transaction to die in. */
const readers = ['usersFreezeAddress', 'logisticsQuote']

/** Internal commands that somebody else than the checkout saga sends. */
const notOfTheSaga: readonly string[] = []

/** Every command that one subgraph may send another, as the SDL says it. */
export function internalCommands(): string[] {
  const names: string[] = []
  for (const domain of domains)
    visit(loadSubgraphSdl(domain), {
      ObjectTypeDefinition: ({ name, fields = [] }) => {
        if (name.value !== 'Mutation') return
        names.push(
          ...fields
            .filter(({ directives }) => directives?.some((one) => one.name.value === 'inaccessible'))
            .map((field) => field.name.value),
        )
      },
      [Kind.ENUM_TYPE_DEFINITION]: () => false,
    })
  return names
}

/** What people may do with an order: every public mutation of orders. */
function mutationsOfOrders(): string[] {
  const names: string[] = []
  visit(loadSubgraphSdl('orders'), {
    ObjectTypeDefinition: ({ name, fields = [] }) => {
      if (name.value !== 'Mutation') return
      for (const field of fields)
        if (!field.directives?.some((one) => one.name.value === 'inaccessible')) names.push(field.name.value)
    },
  })
  return names
}

/** The boundaries that a purchase and what comes after it must pass, made from the code: a step, an undo or a command without them is a fault. */
export function expectedPoints(): string[] {
  const ofCommands = internalCommands()
    .filter((name) => !notOfTheSaga.includes(name))
    .flatMap((name) =>
      boundaries.command
        .filter((boundary) => !(readers.includes(name) && boundary.startsWith('commit')))
        .map((boundary) => `${name}.${boundary}`),
    )
  const ofMutations = mutationsOfOrders().flatMap((name) => boundaries.command.map((boundary) => `${name}.${boundary}`))
  const ofConsumers = [
    'PaymentCaptured@orders',
    'PaymentFailed@orders',
    'OrderCancelled@products',
    'OrderCancelled@payments',
    'OrderAccepted@logistics',
    'ShipmentBooked@orders',
    'ShipmentMoved@orders',
    'OrderCompleted@payments',
    'OrderCallingOff@logistics',
    'ParcelCalledOff@orders',
    'ReturnApproved@logistics',
    'ReturnCallingOff@logistics',
    'GoodsReturned@products',
    'RefundDecided@payments',
    'RefundCompleted@orders',
  ].flatMap((name) => boundaries.consumer.map((boundary) => `${name}.${boundary}`))
  const ofPublications = [
    'CheckoutPlaced',
    'CheckoutPaymentReceived',
    'CheckoutFinished',
    'OrderPlaced',
    'OrderPaid',
    'OrderCancelled',
    'PaymentCaptured',
  ].flatMap((type) => boundaries.publication.map((boundary) => `${type}.${boundary}`))
  return [...pointNames, ...ofCommands, ...ofMutations, ...ofConsumers, ...ofPublications]
}
