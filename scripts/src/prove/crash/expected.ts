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

/** The boundaries that a purchase must pass, made from the code: a step, an undo or a command without them is a fault. */
export function expectedPoints(): string[] {
  const ofCommands = internalCommands()
    .filter((name) => !notOfTheSaga.includes(name))
    .flatMap((name) =>
      boundaries.command
        .filter((boundary) => !(readers.includes(name) && boundary.startsWith('commit')))
        .map((boundary) => `${name}.${boundary}`),
    )
  const ofConsumers = [
    'PaymentCaptured@orders',
    'PaymentFailed@orders',
    'OrderCancelled@products',
    'OrderCancelled@payments',
  ].flatMap((name) => boundaries.consumer.map((boundary) => `${name}.${boundary}`))
  const ofPublications = [
    'CheckoutPlaced',
    'CheckoutFinished',
    'OrderPlaced',
    'OrderPaid',
    'OrderCancelled',
    'PaymentCaptured',
  ].flatMap((type) => boundaries.publication.map((boundary) => `${type}.${boundary}`))
  return [...pointNames, ...ofCommands, ...ofConsumers, ...ofPublications]
}
