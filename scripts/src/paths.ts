import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout that this file belongs to. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** Where the domains' Prisma schemas and migrations are. */
export const prismaRoot = join(root, 'prisma')

/** Where a market that runs from this checkout keeps its data. */
export const defaultDataDir = join(root, '.data')
