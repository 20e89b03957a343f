import { idParser } from '@pasar/shared/ids'
import { runCommand } from '@pasar/shared/idempotency'
import { BadInput, problem } from '@pasar/shared/problems'
import { ifStale } from '@pasar/shared/subgraph/versions'
import { actsFor } from '@pasar/shared/identity/viewer'
import type { ProductsContext } from '../context.ts'
import { bounds } from '../domain/bounds.ts'
import { bundleFault } from '../domain/bundle.ts'
import { parseList, parseWhole } from '../domain/input.ts'
import type { SetBundleInput } from '../generated/resolvers.ts'
import { lockCandidates, replaceComponents } from '../store/bundles.ts'
import { touchListings } from '../store/listings.ts'
import { dueAgain } from '../store/listings-due.ts'
import { countChange } from '../store/variants.ts'

const parseVariantId = idParser('variant')

function parseComponents(raw: SetBundleInput['components']) {
  const components = parseList(raw, 'components', [0, bounds.bundleComponentsMax]).map(({ variantId, quantity }) => ({
    variantId: parseVariantId(variantId, 'components.variantId'),
    quantity: parseWhole(quantity, 'components.quantity', [1, bounds.bundleQuantityMax]),
  }))
  if (new Set(components.map(({ variantId }) => variantId)).size < components.length)
    throw new BadInput('components', { id: 'setiap varian paling banyak satu kali', en: 'each variant at most once' })
  return components
}

/** Says what a variant is made of: from then on its stock is that of its components. */
export function setBundle(ctx: ProductsContext, input: SetBundleInput) {
  const variantId = parseVariantId(input.variantId, 'variantId')
  const components = parseComponents(input.components)
  const { transaction, clock } = ctx
  return runCommand(transaction, async (tx) => {
    const componentIds = components.map((part) => part.variantId)
    const candidates = await lockCandidates(tx, variantId, componentIds)
    const bundle = candidates.find(({ id }) => id === variantId)
    if (!bundle || !actsFor(ctx.viewer, bundle.shopId)) return problem('VariantNotFound', { variantId })
    const stale = ifStale('StaleVariant', bundle, input.expectedVersion)
    if (stale) return stale
    const missing = components.find(
      (part) => !candidates.some(({ id, shopId }) => id === part.variantId && shopId === bundle.shopId),
    )
    if (missing) return problem('VariantNotFound', { variantId: missing.variantId })
    const reason = bundleFault(
      bundle,
      componentIds.map((componentId) => candidates.find(({ id }) => id === componentId)!),
    )
    if (reason) return problem('BundleImpossible', { reason })
    await replaceComponents(tx, variantId, components)
    await countChange(tx, variantId)
    // What is taken of a component meanwhile does not know this bundle yet.
    await dueAgain(tx, variantId)
    await touchListings(tx, clock, { variantIds: [variantId] })
    return { __typename: 'SetBundleSuccess', variantId } as const
  })
}
