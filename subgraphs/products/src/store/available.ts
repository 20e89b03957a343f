/** Units that lie ready of the stock row `s`, as SQL: its counter has them as reserved, though nobody holds them yet. */
export const readySql = `(SELECT count(*) FROM stock_unit u WHERE u.variant_id = s.variant_id AND u.warehouse_id = s.warehouse_id)`

const freeSql = (
  variant: string,
) => `((SELECT coalesce(sum(s.on_hand - s.reserved), 0) FROM stock s WHERE s.variant_id = ${variant})
    + (SELECT count(*) FROM stock_unit u WHERE u.variant_id = ${variant}))`

/** Whether a variant is of a product that staff have taken down, as SQL: it is not sold as a part of a bundle either. */
export const takenDownSql = (variant: string): string =>
  `EXISTS (SELECT FROM variant part JOIN product whole ON whole.id = part.product_id WHERE part.id = ${variant} AND whole.status = 'TAKEN_DOWN')`

/** Units of a variant that can be bought, over all warehouses, as SQL: of a bundle as many as its scarcest component makes. */
export const availableSql = (variant: string): string => `coalesce(
    (SELECT min(CASE WHEN ${takenDownSql('b.component_id')} THEN 0 ELSE ${freeSql('b.component_id')} / b.quantity END)
      FROM bundle_component b WHERE b.bundle_id = ${variant}), ${freeSql(variant)})::integer`
