import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { faultsOfLock, type Advisory, type LockFile } from './check-advisories/advisories.ts'
import { root } from './paths.ts'

/** `npm run check:advisories`: no package with a fault that we know of, without asking anybody over the network. */
const read = (path: string | URL): unknown => JSON.parse(readFileSync(path, 'utf8'))
const advisories = read(new URL('./check-advisories/minimum-versions.json', import.meta.url)) as readonly Advisory[]
const faults = faultsOfLock(read(join(root, 'package-lock.json')) as LockFile, advisories)
for (const fault of faults) console.error(fault)
if (faults.length > 0) process.exitCode = 1
else console.log(`No installed package has one of ${advisories.length} known faults`)
