import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import { domains } from '@pasar/shared/domains'
import { prismaRoot } from '../paths.ts'
import { claim, holderOf } from '../postgres/claim.ts'
import { StartProblem, writingTo } from '../start-problem.ts'

/** How to make the Prisma clients. */
export interface ClientsOptions {
  /** Also those that are up to date. */
  readonly force?: boolean
  /** Holds one folder per domain; the checkout's `prisma` unless told otherwise. */
  readonly folder?: string
  readonly say?: (line: string) => void
}

/** Each is one busy process. */
const parallelMax = Math.max(2, availableParallelism())

/** Makes the Prisma client of every domain whose schema changed since it was made. Returns the names of those that were made here. */
export async function generateClients({ force = false, folder = prismaRoot, say }: ClientsOptions = {}): Promise<
  readonly string[]
> {
  const present = domains.filter((domain) => existsSync(join(folder, domain, 'schema.prisma')))
  const stale = present.filter((domain) => force || !isCurrent(join(folder, domain)))
  if (stale.length > 0) say?.(`Making the database clients of ${stale.join(', ')}`)
  const waiting = [...stale]
  const made = new Set<string>()
  const work = async () => {
    for (let domain = waiting.shift(); domain !== undefined; domain = waiting.shift())
      if (await generateClient(join(folder, domain), force)) made.add(domain)
  }
  await Promise.all(Array.from({ length: parallelMax }, work))
  return stale.filter((domain) => made.has(domain))
}

const stampFile = (folder: string) => join(folder, 'generated', 'made-from.sha256')

/** What the client is made from: the schema and Prisma itself. */
function fingerprint(folder: string): string {
  const version = readFileSync(createRequire(import.meta.url).resolve('prisma/package.json'), 'utf8')
  return createHash('sha256')
    .update(version)
    .update(readFileSync(join(folder, 'schema.prisma')))
    .digest('hex')
}

const isCurrent = (folder: string) =>
  existsSync(stampFile(folder)) && readFileSync(stampFile(folder), 'utf8') === fingerprint(folder)

/**
 * The stamp comes last: a run that dies half-way leaves none, so the next one starts over. Two at once would write over each other, and one
 * would load what the other has not finished. Says whether it was made here.
 */
async function generateClient(folder: string, force: boolean): Promise<boolean> {
  const release = await writingTo(folder, () => claimWhenFree(folder))
  try {
    if (!force && isCurrent(folder)) return false
    const made = fingerprint(folder)
    await writingTo(folder, () => runPrisma(join(folder, 'schema.prisma')))
    await writingTo(folder, () => writeFileSync(stampFile(folder), made))
    return true
  } finally {
    release()
  }
}

async function claimWhenFree(folder: string): Promise<() => void> {
  while (holderOf(folder) !== undefined) await pause(50)
  try {
    return claim(folder)
  } catch (error) {
    // Another process was quicker.
    if (error instanceof StartProblem) return claimWhenFree(folder)
    throw error
  }
}

async function runPrisma(schema: string): Promise<void> {
  const program = createRequire(import.meta.url).resolve('prisma/build/index.js')
  // Prisma wants to download a native engine that generating does not use: any existing program in its place stops that.
  const quiet = {
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    NO_COLOR: '1',
  }
  try {
    await promisify(execFile)(process.execPath, [program, 'generate', '--no-hints', '--schema', schema], { cwd: '/', env: quiet })
  } catch (error) {
    throw new StartProblem(
      `Prisma cannot make a client from ${schema}: ${(error as { stderr?: string }).stderr?.trim() ?? String(error)}`,
    )
  }
}
