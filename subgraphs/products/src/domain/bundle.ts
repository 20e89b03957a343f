/** A variant as far as bundles are concerned. */
export interface BundleCandidate {
  readonly id: string
  readonly isBundle: boolean
  readonly isComponent: boolean
  readonly hasStock: boolean
}

/** Why variants make no bundle. */
export type BundleFault = 'HAS_STOCK' | 'IS_COMPONENT' | 'OF_BUNDLES'

/** Bundles have no stock of their own, and are not made of bundles: so a unit belongs to one SKU, and is counted there. */
export function bundleFault(bundle: BundleCandidate, components: readonly BundleCandidate[]): BundleFault | undefined {
  if (components.length === 0) return undefined
  if (bundle.hasStock) return 'HAS_STOCK'
  if (bundle.isComponent) return 'IS_COMPONENT'
  return components.some(({ id, isBundle }) => isBundle || id === bundle.id) ? 'OF_BUNDLES' : undefined
}
