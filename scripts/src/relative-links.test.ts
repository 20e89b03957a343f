import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './paths.ts'

const docs = readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)
const pages = ['README.md', 'bench/README.md', 'router/access-table.md', ...docs]

const textOf = (page: string) => readFileSync(join(root, page), 'utf8')

/** Where a page's links lead, those to other sites left out. */
function linksOf(page: string): { file: string; heading: string | undefined }[] {
  const prose = textOf(page).replaceAll(/```[^]*?```|`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^https?:/.test(target))
    .map((target) => target.split('#'))
    .map(([file = '', heading]) => ({ file: file === '' ? page : join(dirname(page), file), heading }))
}

/** Whether a page has a heading under the name that a link gives it. */
const hasHeading = (page: string, name: string) =>
  [...textOf(page).matchAll(/^#+ (.+)$/gm)].some(
    ([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-') === name,
  )

describe('whoever reads about the market', () => {
  it.each(pages)('finds everything that %s leads to', (page) => {
    const lost = linksOf(page).filter(
      ({ file, heading }) => !existsSync(join(root, file)) || (heading !== undefined && !hasHeading(file, heading)),
    )
    expect(lost).toEqual([])
  })

  it('is led from the README to every page', () => {
    const shown = new Set(linksOf('README.md').map(({ file }) => file))
    expect(pages.filter((page) => page !== 'README.md' && !shown.has(page))).toEqual([])
  })
})
