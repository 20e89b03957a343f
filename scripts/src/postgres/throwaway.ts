import { chmodSync, lstatSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartProblem } from '../start-problem.ts'
import { canEnter, serverAccount } from './account.ts'
import { holderOf } from './claim.ts'
import { stopLeftover } from './leftover.ts'

const prefix = 'pasar-throwaway-'

/**
 * A folder for a server that is gone when its process is: in memory where it need not wait for the disk and there is room, for such servers make
 * and remove thousands of files; else in the first temporary place that the server's account can reach.
 */
export function makeThrowaway({ onDisk }: { readonly onDisk: boolean }): string {
  const account = serverAccount('')
  const places = [...(onDisk || !hasRoom(memory) ? [] : [memory]), ...temporaryPlaces()]
  const place = places.find((folder) => !account || canEnter(folder, account))
  if (place === undefined)
    throw new StartProblem(`No temporary folder can be entered by PostgreSQL's account: set TMPDIR to one that can.`)
  const folder = mkdtempSync(join(place, prefix))
  chmodSync(folder, 0o755)
  return folder
}

/** Ends and removes our throwaway servers whose process was killed. */
export async function sweepThrowaways(): Promise<void> {
  const folders = [memory, ...temporaryPlaces()].flatMap((place) => entriesOf(place).map((name) => join(place, name)))
  for (const folder of folders.filter(isAbandoned)) {
    await stopLeftover(folder)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Where Linux keeps files that are never written to a disk. */
const memory = '/dev/shm'
/** Four servers of the largest kind, with a market's databases, templates of them and a log each, and whoever asks them beside them. */
const roomBytesMin = 4 * 2 ** 30

function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return Math.min(bavail * bsize, process.availableMemory()) >= roomBytesMin
  } catch {
    return false
  }
}

const temporaryPlaces = () => [...new Set([tmpdir(), '/tmp', '/var/tmp'])]

function entriesOf(place: string): string[] {
  try {
    return readdirSync(place).filter((name) => name.startsWith(prefix))
  } catch {
    return []
  }
}

/** A folder touched within the last minute may belong to a start that has not claimed it yet. */
function isAbandoned(folder: string): boolean {
  const found = lstatSync(folder, { throwIfNoEntry: false })
  if (!found?.isDirectory() || found.uid !== process.getuid?.()) return false
  return holderOf(folder) === undefined && Date.now() - found.mtimeMs > 60_000
}
