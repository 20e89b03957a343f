import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixedClock } from '@pasar/shared/clock'
import { importFile, type ImportSummary } from '../../src/import/import-file.ts'
import { columns } from '../../src/import/row.ts'
import { openSource } from '../../src/import/source.ts'
import { openImportTarget } from '../../src/import/target.ts'
import type { TestMarketDatabases } from './market-databases.ts'

/** The first line of every file that can be imported. */
export const header = columns.join(',')

/** What a test says of a row; the rest is made up. */
export interface TestRow {
  readonly category?: string
  readonly name?: string
  readonly location?: string
  readonly price?: string
  readonly sold?: string
  readonly rating?: string
  readonly review?: string
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`

/** A line of a file. */
export const line = (row: TestRow = {}): string => {
  const {
    category = 'Kuliner',
    name = 'Kopi',
    location = 'Kota Bandung',
    price = '5000',
    sold = '12',
    rating = '5',
    review = 'Enak',
  } = row
  return [category, name, location, price, '4.8', sold, '3', rating, review, 'Positive', 'Happy'].map(quoted).join(',')
}

/** Writes a file, does something with it, and removes it. */
export async function withFile<T>(content: string | Buffer, work: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'pasar-import-'))
  try {
    const path = join(folder, 'file.csv')
    writeFileSync(path, content)
    return await work(path)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Imports a file into the market's databases. */
export async function importPath(market: TestMarketDatabases, path: string, signal?: AbortSignal): Promise<ImportSummary> {
  const target = await openImportTarget(market, fixedClock())
  try {
    return await importFile({ source: await openSource(path), target, ...(signal && { signal }) })
  } finally {
    await target.stop()
  }
}

/** Imports these lines, below a header. */
export const importLines = (market: TestMarketDatabases, lines: readonly string[]): Promise<ImportSummary> =>
  withFile([header, ...lines, ''].join('\n'), (path) => importPath(market, path))
