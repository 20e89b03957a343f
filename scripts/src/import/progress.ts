import type { ImportProgress } from './import-file.ts'

/** Where progress is shown: standard error, so that what a program reads stays clean. */
export interface ProgressOutput {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** Shows progress and cleans up behind it. */
export interface ProgressLine {
  show(progress: ImportProgress): void
  end(): void
}

/** Lines in a log file come this far apart. */
const plainEveryMs = 3_000

/** A bar on a terminal, else a line every few seconds; `elapsed` gives milliseconds. */
export function openProgress(output: ProgressOutput, total: number, elapsed: () => number): ProgressLine {
  return output.isTTY ? bar(output, total) : plainLines(output, { total, elapsed })
}

const partOf = ({ bytes }: ImportProgress, total: number) => Math.min(1, total === 0 ? 1 : bytes / total)

const rowsText = (rows: number) => `${rows.toLocaleString('en')} rows`

function bar(output: ProgressOutput, total: number): ProgressLine {
  return {
    show: (progress) => {
      const part = partOf(progress, total)
      const text = ` ${String(Math.floor(part * 100)).padStart(3)} %  ${rowsText(progress.rows)}`
      const width = Math.max(0, Math.min(40, (output.columns ?? 80) - text.length - 1))
      const full = Math.round(part * width)
      output.write(`\r${'█'.repeat(full)}${'░'.repeat(width - full)}${text}\u001B[K`)
    },
    end: () => void output.write('\r\u001B[K'),
  }
}

function plainLines(output: ProgressOutput, { total, elapsed }: { readonly total: number; readonly elapsed: () => number }) {
  let next = plainEveryMs
  return {
    show: (progress: ImportProgress) => {
      if (elapsed() < next) return
      next = elapsed() + plainEveryMs
      output.write(`${Math.floor(partOf(progress, total) * 100)} %, ${rowsText(progress.rows)}\n`)
    },
    end: () => undefined,
  }
}
