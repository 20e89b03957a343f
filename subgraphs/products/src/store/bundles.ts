import type { BundleCandidate } from '../domain/bundle.ts'
import type { Reads, SqlSeam } from '@pasar/shared/postgres/seam'
import { anyOf } from '@pasar/shared/postgres/statement'

/** A component of a bundle, as it is kept. */
export interface ComponentRow {
  readonly bundleId: string
  readonly variantId: string
  readonly quantity: number
}

/** What variants are made of; nothing for those that are no bundles. */
export const findComponents = (db: Reads, bundleIds: readonly string[]): Promise<ComponentRow[]> =>
  db.$queryRawUnsafe(
    `SELECT bundle_id AS "bundleId", component_id AS "variantId", quantity FROM bundle_component WHERE bundle_id = ${anyOf('$1::text[]')}
     ORDER BY bundle_id, component_id`,
    bundleIds,
  )

const lockProductOf = `SELECT p.id FROM product p JOIN variant v ON v.product_id = p.id WHERE v.id = $1 FOR NO KEY UPDATE OF p`

/**
 * Locks variants in the order of their ids, so that nobody else makes a bundle of them meanwhile, then the bundle's product, so that it
 * does not go on sale meanwhile; and then looks at them.
 */
export async function lockCandidates(
  tx: SqlSeam,
  bundleId: string,
  componentIds: readonly string[],
): Promise<(BundleCandidate & { readonly shopId: string; readonly version: number })[]> {
  const ids = [bundleId, ...componentIds]
  await tx.$queryRawUnsafe(`SELECT id FROM variant WHERE id = ANY($1::text[]) ORDER BY id FOR NO KEY UPDATE`, ids)
  if (componentIds.length > 0) await tx.$queryRawUnsafe(lockProductOf, bundleId)
  return tx.$queryRawUnsafe(
    `SELECT v.id, v.shop_id AS "shopId", v.version,
       EXISTS (SELECT FROM bundle_component b WHERE b.bundle_id = v.id) AS "isBundle",
       (SELECT count(*)::integer FROM bundle_component b WHERE b.component_id = v.id AND b.bundle_id <> $2) AS bundles,
       EXISTS (SELECT FROM bundle_component b WHERE b.component_id = v.id AND b.bundle_id = $2) AS "wasPart",
       EXISTS (SELECT FROM stock s WHERE s.variant_id = v.id AND s.on_hand > 0) AS "hasStock",
       p.published_at IS NOT NULL AS "wasOnSale"
     FROM variant v JOIN product p ON p.id = v.product_id WHERE v.id = ${anyOf('$1::text[]')}`,
    ids,
    bundleId,
  )
}

/** Says what a variant is made of from now on. */
export async function replaceComponents(
  tx: SqlSeam,
  bundleId: string,
  components: readonly { readonly variantId: string; readonly quantity: number }[],
): Promise<void> {
  await tx.$executeRawUnsafe(`DELETE FROM bundle_component WHERE bundle_id = $1`, bundleId)
  await tx.$executeRawUnsafe(
    `INSERT INTO bundle_component (bundle_id, component_id, quantity) SELECT $1, part.* FROM unnest($2::text[], $3::integer[]) AS part`,
    bundleId,
    components.map(({ variantId }) => variantId),
    components.map(({ quantity }) => quantity),
  )
}
