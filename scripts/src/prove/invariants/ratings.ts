import type { Check } from './broken.ts'

const anytime = { domain: 'products', when: 'anytime', invariant: 'I3' } as const

/** What products and shops say of their reviews, which are counted in the transaction that writes them. */
export const ratingChecks: readonly Check[] = [
  {
    ...anytime,
    sql: `SELECT 'product ' || p.id || ' counts ' || array_to_string(p.rating_counts, ' ') || ' reviews of 1 to 5 stars, there are ' ||
        array_to_string(r.counts, ' ') AS what
      FROM product p CROSS JOIN LATERAL (SELECT ARRAY(
        SELECT count(r.id)::integer FROM generate_series(1, 5) AS star
        LEFT JOIN review r ON r.product_id = p.id AND r.rating = star AND r.taken_down_at IS NULL GROUP BY star ORDER BY star) AS counts) r
      WHERE p.rating_counts <> r.counts OR p.rating_count <> (SELECT sum(n) FROM unnest(r.counts) AS n)`,
  },
  {
    ...anytime,
    sql: `SELECT 'shop ' || shop_id || ' says ' || coalesce(s.review_count, 0) || ' reviews of ' || coalesce(s.stars, 0) || ' stars, its products have ' ||
        coalesce(r.reviews, 0) || ' of ' || coalesce(r.stars, 0) AS what
      FROM shop_rating s FULL JOIN (
        SELECT p.shop_id, sum(given.n) AS reviews, sum(given.n * given.star) AS stars
        FROM product p CROSS JOIN unnest(p.rating_counts) WITH ORDINALITY AS given (n, star) GROUP BY p.shop_id) r USING (shop_id)
      WHERE coalesce(s.review_count, 0) <> coalesce(r.reviews, 0) OR coalesce(s.stars, 0) <> coalesce(r.stars, 0)`,
  },
]
