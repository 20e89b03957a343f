/** A known fault of a package, and the versions that mended it: one for each line that was mended. */
export interface Advisory {
  readonly package: string
  readonly fixed: readonly string[]
  readonly advisory: string
  readonly what: string
}

/** What a lock file says of the packages that it locks, by their folder. */
export interface LockFile {
  readonly packages: Readonly<
    Record<
      string,
      { readonly version?: string; readonly integrity?: string; readonly link?: boolean; readonly inBundle?: boolean }
    >
  >
}

const folder = 'node_modules/'

/** Packages of a lock file with a known fault, and those whose content is not locked: one sentence each. */
export function faultsOfLock({ packages }: LockFile, advisories: readonly Advisory[]): string[] {
  return Object.entries(packages).flatMap(([path, { version = '', integrity = '', link, inBundle }]) => {
    if (!path.includes(folder) || link) return []
    const name = path.slice(path.lastIndexOf(folder) + folder.length)
    const known = advisories.filter((one) => one.package === name && isFaulty(version, one.fixed))
    const faulty = known.map(
      ({ advisory, what, fixed }) => `${name} ${version}: ${what} (${advisory}); mended in ${fixed.join(', ')}`,
    )
    // What comes in another package's archive is locked with it.
    const loose = inBundle || integrity.startsWith('sha512-') ? [] : [`${name} ${version}: its content is not locked by a sha512`]
    return [...faulty, ...loose]
  })
}

const numbers = (version: string): readonly number[] => version.split('-', 1)[0]!.split('.').map(Number)

function isBefore(a: readonly number[], b: readonly number[]): boolean {
  const at = a.findIndex((number, index) => number !== b[index])
  return at >= 0 && a[at]! < (b[at] ?? 0)
}

/** A version is mended when it is not before the mended one of its own line, or its line is newer than all of them. */
function isFaulty(version: string, fixed: readonly string[]): boolean {
  const own = numbers(version)
  const mended = fixed.map(numbers)
  const line = mended.find(([major]) => major === own[0])
  return line ? isBefore(own, line) : mended.some((one) => isBefore(own, one))
}
