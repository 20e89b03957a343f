import { newId } from '@pasar/shared/ids'
import { openPostgres } from '@pasar/shared/postgres/pool'
import type { ProofDatabases } from '../databases.ts'
import type { Goods } from './goods.ts'

const insert = `INSERT INTO purchase (order_line_id, order_id, buyer_id, product_id, variant_id, completed_at)
  SELECT line, 'ord_proof', $1, $2, $3, now() FROM unnest($4::text[]) AS given (line)`

/** Writes down that somebody has bought everything often: each review needs a completed purchase. */
export async function notePurchases(
  databases: ProofDatabases,
  goods: Goods,
  { buyerId, each }: { readonly buyerId: string; readonly each: number },
): Promise<Goods> {
  const postgres = openPostgres({ url: databases.urlFor('products'), connectionsMax: 1 })
  const products = []
  for (const thing of goods.products) {
    const orderLineIds = Array.from({ length: each }, () => newId('orderLine'))
    await postgres.pool.query(insert, [buyerId, thing.productId, thing.variantId, orderLineIds])
    products.push({ ...thing, orderLineIds })
  }
  await postgres.stop()
  return { ...goods, products }
}
