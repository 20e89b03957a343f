import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { root } from '../paths.ts'

/** Rows under a head, as Markdown. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

/**
 * Writes what the code says into a page, each text between the two lines that name it and the command that makes it; with `--check` it only
 * says where the page tells something else.
 */
export async function writeTables(page: string, command: string, texts: Readonly<Record<string, string>>): Promise<void> {
  const file = join(root, page)
  const before = readFileSync(file, 'utf8')
  let after = before
  for (const [name, text] of Object.entries(texts)) {
    const [begin, end] = [`<!-- ${name}: made by npm run ${command} -->`, `<!-- end of ${name} -->`]
    const [head, rest] = after.split(begin)
    const tail = rest?.split(end)[1]
    if (tail === undefined) throw new Error(`${page} lacks the lines "${begin}" and "${end}"`)
    after = `${head}${begin}\n\n${text}\n\n${end}${tail}`
  }
  const wanted = await format(after, { ...(await resolveConfig(file)), parser: 'markdown' })
  if (wanted === before) return
  if (process.argv.includes('--check')) {
    console.error(`The tables in ${page} are stale: run "npm run ${command}"`)
    process.exitCode = 1
  } else writeFileSync(file, wanted)
}
