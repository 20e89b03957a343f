import { createHash } from 'node:crypto'
import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { canEnter, serverAccount } from './account.ts'

/** Where the market's database of one checkout lies. */
export interface Location {
  readonly folder: string
  /** Said once when the data does not lie in the checkout. */
  readonly why?: string
}

/** The folder for PostgreSQL's data: inside `dataDir`, or in a place of the system when root's server account cannot get there. */
export function dataLocation(dataDir: string): Location {
  const inside = join(resolve(dataDir), 'postgres')
  const account = serverAccount(join(inside, 'cluster'))
  if (!account) return { folder: inside }
  const outside = join(systemFolder(dataDir), 'postgres')
  if (!existsSync(outside) && canEnter(nearest(inside), account)) return { folder: inside }
  return {
    folder: outside,
    why: `PostgreSQL does not run as root, and its account cannot enter ${dirname(dataDir)}: its data lies in ${dirname(outside)}.`,
  }
}

/** One folder per checkout in a place that every account can reach. */
export function systemFolder(dataDir: string): string {
  const checkout = realpathSync(nearest(dirname(resolve(dataDir))))
  const name = `${basename(checkout)}-${createHash('sha256').update(checkout).digest('hex').slice(0, 12)}`
  return join(process.platform === 'darwin' ? '/usr/local/var' : '/var/lib', 'pasar', name)
}

const nearest = (folder: string): string => (existsSync(folder) ? folder : nearest(dirname(folder)))
