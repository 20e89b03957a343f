import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defaultWeights } from '@pasar/router/cost/default-weights'
import { costLimits } from '@pasar/router/cost/limits'
import { routerLimits } from '@pasar/router/safety/limits'
import { root } from './paths.ts'
import { table, writeTables } from './tables/write-tables.ts'

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
  'errorCharactersMax',
])

const limitsWhere = (isWanted: (name: string) => boolean) => ({
  values: Object.fromEntries(Object.entries(routerLimits).filter(([name]) => isWanted(name))),
  source: 'router/src/safety/limits.ts',
})

/** `npm run limits`: writes the tables of docs/safety.md from the code that holds the numbers; `--check` only compares. */
const limits = {
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
    return [`\`${name}\``, value.toLocaleString('en'), reason]
  })
  return table(['limit', 'number', 'reason'], rows)
}

await writeTables(
  'docs/safety.md',
  'limits',
  Object.fromEntries(Object.entries(limits).map(([name, values]) => [name, tableOf(values)])),
)
