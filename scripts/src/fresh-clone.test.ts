import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, it } from 'vitest'
import { root } from './paths.ts'

const packageOf = (folder: string) =>
  JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    readonly name: string
    readonly scripts?: Readonly<Record<string, string>>
    readonly exports?: Readonly<Record<string, string>>
  }

const domains = ['products', 'users', 'orders', 'carts', 'payments', 'logistics']
const folders = [
  'schema',
  'router',
  'scripts',
  'subgraphs/shared',
  ...domains.flatMap((domain) => [`subgraphs/${domain}`, `prisma/${domain}`]),
]
const packages = folders.map((folder) => ({ folder, ...packageOf(folder) }))

/** Where an import leads; undefined for packages that are not ours. */
function fileOf(specifier: string, from: string): string | undefined {
  if (specifier.startsWith('.')) return join(dirname(from), specifier)
  const home = packages.find(({ name }) => specifier.startsWith(`${name}/`))
  if (!home) return undefined
  const wanted = `.${specifier.slice(home.name.length)}`
  for (const [pattern, target] of Object.entries(home.exports ?? {})) {
    const [before = '', after] = pattern.split('*')
    if (after === undefined ? wanted !== pattern : !wanted.startsWith(before)) continue
    return join(root, home.folder, after === undefined ? target : target.replace('*', wanted.slice(before.length)))
  }
  throw new Error(`${home.name} exports no ${wanted}`)
}

/** What is loaded before a file's own first line; imports of types are not there any more when it runs. */
const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/^(?:import|export)\s+(?!type\b)(?:[^'"`;]*?\sfrom\s+)?'([^']+)'/gm)].map(
    ([, from]) => from!,
  )

/** The way from a script to what a fresh clone does not have, if there is one. */
function wayToGenerated(file: string, seen = new Set<string>()): readonly string[] | undefined {
  if (file.includes('/generated/')) return [relative(root, file)]
  if (seen.has(file) || !existsSync(file)) return undefined
  seen.add(file)
  for (const specifier of importsOf(file)) {
    const next = fileOf(specifier, file)
    const way = next && wayToGenerated(next, seen)
    if (way) return [relative(root, file), ...way]
  }
  return undefined
}

const scripts = Object.values(packageOf('.').scripts ?? {}).flatMap((command) => {
  const [, folder, name] = /^node (scripts|bench)\/run\.mjs (\S+)/.exec(command) ?? []
  return folder && name ? [`${folder}/src/${name}.ts`] : []
})

it.each(scripts)('%s begins on a fresh clone, where no database client has been made yet', (script) => {
  expect(existsSync(join(root, script))).toBe(true)
  expect(wayToGenerated(join(root, script))).toBeUndefined()
})

it('a way to what is generated is found', () => {
  expect(wayToGenerated(join(root, 'subgraphs/orders/src/main.ts'))?.at(-1)).toContain('prisma/orders/generated/')
})
