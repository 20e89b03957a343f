import { SettingProblem } from '@pasar/shared/process/setting-problem'
import { StartProblem } from './start-problem.ts'

/** Runs a command of the terminal: what a person can mend is one sentence and exit code 1 at once, anything else keeps its stack. */
export async function runCommand(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof StartProblem || error instanceof SettingProblem)) throw error
    console.error(error.message)
    process.exit(1)
  }
}
