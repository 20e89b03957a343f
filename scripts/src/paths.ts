import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout that this file belongs to. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** Where the domains' Prisma schemas and migrations are. */
export const prismaRoot = join(root, 'prisma')

/** Where a market that runs from this checkout keeps its data when nobody says anything else. */
export const defaultDataDir = join(root, '.data')

/** Where it keeps its data as DATA_DIR says: a folder of the checkout, or any other by its whole path. */
export const dataFolder = ({ DATA_DIR }: { readonly DATA_DIR: string }): string => resolve(root, DATA_DIR)
