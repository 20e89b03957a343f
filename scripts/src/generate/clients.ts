import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { domains } from '@pasar/shared/domains'
import { prismaRoot } from '../paths.ts'
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

/** Makes the Prisma client of every domain whose schema changed since it was made. Returns the names of those domains. */
export async function generateClients({ force = false, folder = prismaRoot, say }: ClientsOptions = {}): Promise<
  readonly string[]
> {
  const present = domains.filter((domain) => existsSync(join(folder, domain, 'schema.prisma')))
  const stale = present.filter((domain) => force || !isCurrent(join(folder, domain)))
  if (stale.length > 0) say?.(`Making the database clients of ${stale.join(', ')}`)
  const waiting = [...stale]
  const work = async () => {
    for (let domain = waiting.shift(); domain !== undefined; domain = waiting.shift()) await generateClient(join(folder, domain))
  }
  await Promise.all(Array.from({ length: parallelMax }, work))
  return stale
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

/** The stamp comes last: a run that dies half-way leaves none, so the next one starts over. */
async function generateClient(folder: string): Promise<void> {
  const made = fingerprint(folder)
  await writingTo(folder, () => runPrisma(join(folder, 'schema.prisma')))
  await writingTo(folder, () => writeFileSync(stampFile(folder), made))
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
