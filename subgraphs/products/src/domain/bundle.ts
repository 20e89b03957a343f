import { bounds } from './bounds.ts'

/** A variant as far as bundles are concerned. */
export interface BundleCandidate {
  readonly id: string
  readonly isBundle: boolean
  /** How many bundles it is part of, the one that is being made not counted. */
  readonly bundles: number
  /** Whether the bundle that is being made had it before. */
  readonly wasPart: boolean
  readonly hasStock: boolean
  /** Whether its product was ever on sale: then everyone may see it where something leads to it. */
  readonly wasOnSale: boolean
}

/** Why variants make no bundle. */
export type BundleFault = 'HAS_STOCK' | 'IS_COMPONENT' | 'OF_BUNDLES' | 'IN_MANY_BUNDLES' | 'NEVER_ON_SALE'

/**
 * Bundles have no stock of their own, and are not made of bundles: so a unit belongs to one SKU, and is counted there. Who sees a bundle
 * sees its components: what was on sale once is not made of what never was.
 */
export function bundleFault(bundle: BundleCandidate, components: readonly BundleCandidate[]): BundleFault | undefined {
  if (components.length === 0) return undefined
  if (bundle.hasStock) return 'HAS_STOCK'
  if (bundle.bundles > 0) return 'IS_COMPONENT'
  if (components.some(({ id, isBundle }) => isBundle || id === bundle.id)) return 'OF_BUNDLES'
  if (components.some(({ bundles, wasPart }) => !wasPart && bundles >= bounds.bundlesOfComponentMax)) return 'IN_MANY_BUNDLES'
  return bundle.wasOnSale && components.some(({ wasOnSale }) => !wasOnSale) ? 'NEVER_ON_SALE' : undefined
}
