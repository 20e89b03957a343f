import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Setting } from '@pasar/shared/setting-kinds'
import { settings } from '@pasar/shared/settings'
import { format, resolveConfig } from 'prettier'
import { root } from './paths.ts'

/** `npm run settings`: writes the table of docs/settings.md from the code that reads them; `--check` only compares. */
const row = ([name, { shown, readBy, doc }]: [string, Setting<unknown>]) =>
  `| \`${name}\` | ${shown === '' ? '' : `\`${shown}\``} | ${readBy} | ${doc} |`
const table = ['| setting | default | read by | meaning |', '| --- | --- | --- | --- |', ...Object.entries(settings).map(row)]

const begin = '<!-- settings: made by npm run settings -->'
const end = '<!-- end of settings -->'
const file = join(root, 'docs/settings.md')
const page = readFileSync(file, 'utf8')
const [before, rest] = page.split(begin)
const after = rest?.split(end)[1]
if (after === undefined) throw new Error(`docs/settings.md lacks the lines "${begin}" and "${end}"`)
const text = `${before}${begin}\n\n${table.join('\n')}\n\n${end}${after}`
const wanted = await format(text, { ...(await resolveConfig(file)), parser: 'markdown' })
const isStale = wanted !== page
if (isStale && process.argv.includes('--check')) {
  console.error('The table in docs/settings.md is stale: run "npm run settings"')
  process.exitCode = 1
} else if (isStale) writeFileSync(file, wanted)
