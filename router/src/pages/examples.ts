import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Locale } from '@pasar/shared/locale'

/** A ready-made operation: one `.graphql` file, with its variables in a `.json` file of the same name beside it. */
export type Example = { readonly name: string; readonly query: string; readonly variables: string }

/** An example in one language, as a tab of the playground shows it. */
export type ExampleTab = Example & { readonly title: string }

const suffix = '.graphql'

/** Every example of the folder, by file name. */
export function loadExamples(folder: string): Example[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(suffix))
    .toSorted()
    .map((file) => loadExample(folder, file.slice(0, -suffix.length)))
}

function loadExample(folder: string, name: string): Example {
  const variablesFile = join(folder, `${name}.json`)
  return {
    name,
    query: readFileSync(join(folder, name + suffix), 'utf8'),
    variables: existsSync(variablesFile) ? readFileSync(variablesFile, 'utf8').trim() : '',
  }
}

/** Comment lines that begin with `# id:` or `# en:` are for readers of that language; the first comment line is the title. */
export function localiseExample(example: Example, locale: Locale): ExampleTab {
  const lines = example.query
    .split('\n')
    .filter((line) => !(markedFor(line) && !line.trimStart().startsWith(`# ${locale}: `)))
    .map((line) => (markedFor(line) ? line.replace(/# (?:id|en): /, '# ') : line))
  const title = lines[0]?.startsWith('# ') ? lines[0].slice(2).trim() : example.name
  return { ...example, query: lines.join('\n'), title }
}

const markedFor = (line: string): boolean => /^\s*# (?:id|en): /.test(line)
