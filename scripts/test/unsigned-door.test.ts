import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../src/paths.ts'

/** The door itself, its place in a subgraph's platform, and its own test. */
const ofTheDoor = [
  'subgraphs/shared/src/identity/unsigned.test.ts',
  'subgraphs/shared/src/identity/unsigned.ts',
  'subgraphs/shared/src/subgraph/open-subgraph.ts',
]
const notOurs = new Set(['node_modules', 'generated', 'bench', '.git', '.turbo'])

function sourcesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (notOurs.has(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sourcesIn(path)
    return /\.m?[jt]s$/.test(entry.name) ? [path] : []
  })
}

describe('the door for unsigned requests', () => {
  it('is opened by benchmarks alone: no other source names it', () => {
    const word = new RegExp(['admit', 'Unsigned'].join(''))
    const naming = sourcesIn(root).filter((path) => word.test(readFileSync(path, 'utf8')))
    expect(naming.map((path) => relative(root, path)).toSorted()).toEqual(ofTheDoor)
  })
})
