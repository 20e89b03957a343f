import { systemClock } from '@pasar/shared/clock'
import { askedToStop } from '@pasar/shared/process/shutdown'
import { runCommand } from './command.ts'
import { writingFault } from './import/faults.ts'
import type { ImportSummary } from './import/import-file.ts'
import { readImportCommand } from './import/options.ts'
import { openProgress } from './import/progress.ts'
import { readyDatabases } from './import/ready-databases.ts'
import { reportJson, reportLines } from './import/report.ts'
import { openSource, type ImportSource } from './import/source.ts'
import type { MarketDatabases } from './postgres/market-databases.ts'

/** As shells say that a command was interrupted. */
const stoppedExitCode = 130

/** `npm run import -- FILE.csv`: brings products and reviews of a file into the market; see docs/import.md. */
await runCommand(async () => {
  const { file, json } = readImportCommand(process.argv.slice(2), process.env)
  const stopping = askedToStop(stoppedExitCode)
  const source = await openSource(file)
  const databases = await readyDatabases(process.env, json ? console.error : console.log)
  try {
    const summary = await write(source, databases, stopping)
    console.log(json ? reportJson(file, summary) : reportLines(file, summary).join('\n'))
    if (summary.stopped) process.exitCode = stoppedExitCode
  } catch (error) {
    throw writingFault(error)
  } finally {
    await databases.stop()
  }
})

async function write(source: ImportSource, databases: MarketDatabases, stopping: AbortSignal): Promise<ImportSummary> {
  // The database clients that these need may just have been made.
  const { importFile } = await import('./import/import-file.ts')
  const { openImportTarget } = await import('./import/target.ts')
  const target = await openImportTarget(databases, systemClock)
  const began = performance.now()
  const progress = openProgress(process.stderr, source.bytes, () => performance.now() - began)
  try {
    return await importFile({ source, target, onProgress: progress.show, signal: stopping })
  } finally {
    progress.end()
    await target.stop()
  }
}
