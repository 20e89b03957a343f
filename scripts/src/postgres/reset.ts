import { existsSync, readdirSync, rmSync, rmdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { StartProblem, writingTo } from '../start-problem.ts'
import { holderOf } from './claim.ts'
import { stopLeftover } from './leftover.ts'
import { dataLocation, systemFolder } from './location.ts'

/** Removes all data of the market that keeps it in this folder, also what lies in a place of the system. Returns what was removed. */
export const resetData = (dataDir: string): Promise<readonly string[]> => writingTo(resolve(dataDir), () => removeData(dataDir))

async function removeData(dataDir: string): Promise<readonly string[]> {
  const { folder } = dataLocation(dataDir)
  const holder = holderOf(folder)
  if (holder !== undefined)
    throw new StartProblem(`Pasar runs from this folder (process ${holder}): stop it before you start over.`)
  await stopLeftover(folder)
  const found = [resolve(dataDir), ...(process.getuid?.() === 0 ? [systemFolder(dataDir)] : [])].filter((path) =>
    existsSync(path),
  )
  // A folder that somebody named may hold what is not the market's: that stays.
  for (const made of ['postgres', 'simulators']) rmSync(join(dataDir, made), { recursive: true, force: true })
  removeIfEmpty(dataDir)
  if (process.getuid?.() === 0) {
    rmSync(systemFolder(dataDir), { recursive: true, force: true })
    removeIfEmpty(dirname(systemFolder(dataDir)))
  }
  return found
}

/** What others share, as the place of all checkouts in the system, goes with the last of them. */
function removeIfEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder)
}
