import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultWeights } from '@pasar/router/cost/default-weights'
import { costLimits } from '@pasar/router/cost/limits'
import { routerLimits } from '@pasar/router/safety/limits'
import { format, resolveConfig } from 'prettier'
import { root } from './paths.ts'

/** What is asked of one operation; every other limit of the router is about what is held open or kept. */
const ofOneOperation: ReadonlySet<string> = new Set<keyof typeof routerLimits>([
  'tokensMax',
  'selectionsMax',
  'depthMax',
  'aliasesMax',
  'rootFieldsMax',
  'directivesMax',
  'sensitiveMutationsMax',
  'nameCharactersMax',
  'answerCharactersMax',
  'writtenValueDepthMax',
  'variablesDepthMax',
  'validationErrorsMax',
])

const limitsWhere = (isWanted: (name: string) => boolean) => ({
  values: Object.fromEntries(Object.entries(routerLimits).filter(([name]) => isWanted(name))),
  source: 'router/src/safety/limits.ts',
})

/** `npm run limits`: writes the tables of docs/safety.md from the code that holds the numbers; `--check` only compares. */
const tables = {
  'what one operation may be': limitsWhere((name) => ofOneOperation.has(name)),
  'what is held open and kept': limitsWhere((name) => !ofOneOperation.has(name)),
  'what may be spent': { values: costLimits, source: 'router/src/cost/limits.ts' },
  'what things cost': { values: defaultWeights, source: 'router/src/cost/default-weights.ts' },
}

/** The comment above a number; numbers without one share that of the number before. */
function reasonsIn(source: string): ReadonlyMap<string, string> {
  const text = readFileSync(join(root, source), 'utf8')
  const found = new Map<string, string>()
  let reason = ''
  for (const [, comment, name] of text.matchAll(/^ {2}(?:\/\*\* (.*) \*\/|(\w+): .*,)$/gm)) {
    if (comment !== undefined) reason = comment
    else if (name !== undefined) found.set(name, reason)
  }
  return found
}

function tableOf({ values, source }: { readonly values: Readonly<Record<string, number>>; readonly source: string }): string {
  const reasons = reasonsIn(source)
  const rows = Object.entries(values).map(([name, value]) => {
    const reason = reasons.get(name)
    if (!reason) throw new Error(`${source}: nothing says why ${name} is ${value}`)
    return `| \`${name}\` | ${value.toLocaleString('en')} | ${reason} |`
  })
  return ['| limit | number | reason |', '| --- | --- | --- |', ...rows].join('\n')
}

const file = join(root, 'docs/safety.md')
const before = readFileSync(file, 'utf8')
let text = before
for (const [name, table] of Object.entries(tables)) {
  const [begin, end] = [`<!-- ${name}: made by npm run limits -->`, `<!-- end of ${name} -->`]
  const [head, rest] = text.split(begin)
  const tail = rest?.split(end)[1]
  if (tail === undefined) throw new Error(`docs/safety.md lacks the lines "${begin}" and "${end}"`)
  text = `${head}${begin}\n\n${tableOf(table)}\n\n${end}${tail}`
}
const wanted = await format(text, { ...(await resolveConfig(file)), parser: 'markdown' })
if (wanted !== before && process.argv.includes('--check')) {
  console.error('The tables in docs/safety.md are stale: run "npm run limits"')
  process.exitCode = 1
} else if (wanted !== before) writeFileSync(file, wanted)
