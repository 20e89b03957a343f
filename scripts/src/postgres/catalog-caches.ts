import { linkSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

/** What PostgreSQL remembers of a database's catalogs, so that a new connection need not read them. */
const cache = 'pg_internal.init'
const kept = `${cache}.kept`

/**
 * PostgreSQL throws its caches of catalogs away whenever it recovers, in case what it replays has changed them; whatever changes them while it
 * runs throws them away as well. So one that is there at the moment of a crash is right after it, too: the returned function puts it back,
 * and the first connection to each database costs half as much.
 */
export function keepCatalogCaches(cluster: string): () => void {
  const databases = join(cluster, 'base')
  const folders = [join(cluster, 'global'), ...readdirSync(databases).map((name) => join(databases, name))]
  for (const folder of folders) {
    rmSync(join(folder, kept), { force: true })
    linkIfPossible(join(folder, cache), join(folder, kept))
  }
  return () => folders.forEach((folder) => linkIfPossible(join(folder, kept), join(folder, cache)))
}

/** Where there is none, or a connection was faster and has made one, there is nothing to do. */
function linkIfPossible(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}
