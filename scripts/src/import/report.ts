import type { ImportSummary } from './import-file.ts'
import { importKinds } from './tally.ts'

const figure = (n: number) => n.toLocaleString('en')

/** A summary for people. */
export function reportLines(file: string, { rows, inserted, unchanged, remarks, stopped }: ImportSummary): string[] {
  const width = Math.max(...importKinds.map((kind) => kind.length))
  const table = importKinds.map(
    (kind) =>
      `  ${kind.padEnd(width)} ${figure(inserted[kind]).padStart(9)} inserted ${figure(unchanged[kind]).padStart(9)} unchanged`,
  )
  const more = remarks.total - remarks.first.length
  return [
    ...remarks.first.map(({ line, reason }) => `line ${line}: ${reason}`),
    ...(more > 0 ? [`and ${figure(more)} more`] : []),
    ...(remarks.total > 0 ? [''] : []),
    `${file}: ${figure(rows.read)} rows read, ${figure(rows.taken)} taken, ${figure(rows.refused)} refused`,
    ...table,
    ...(stopped ? ['Stopped before the end: run the same command again to go on.'] : []),
  ]
}

/** A summary for programs. */
export const reportJson = (file: string, { remarks, ...summary }: ImportSummary): string =>
  JSON.stringify({ file, ...summary, remarks: remarks.total, firstRemarks: remarks.first }, null, 2)
