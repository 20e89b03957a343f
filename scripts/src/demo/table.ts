import { rupiah } from './rupiah.ts'
import type { Summary } from './summary.ts'

/** Lines of a table whose columns are as wide as their widest cell. */
export function tableOf(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

/** The summary as a person reads it. */
export function summaryLines({ orders, stock, frames, ledgerSum, paid }: Omit<Summary, 'ok' | 'market'>): string[] {
  return [
    ...tableOf([
      ['order', 'shop', 'state', 'parcel', 'goods', 'shipping', 'total', 'charged', 'earned'],
      ...orders.map(({ id, shop, state, trackingNumber, items, shipping, total, charged, earned }) => [
        id,
        shop,
        state,
        trackingNumber,
        ...[items, shipping, total, charged, earned].map(rupiah),
      ]),
    ]),
    '',
    ...tableOf([
      ['stock of', 'before', 'bought', 'after'],
      ...stock.map(({ title, before, bought, after }) => [title, ...[before, bought, after].map(String)]),
    ]),
    '',
    `paid ${rupiah(paid)}, live frames ${frames}, ledger sum ${ledgerSum}`,
  ]
}
