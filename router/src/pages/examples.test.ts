import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadExamples, localiseExample } from './examples.ts'

describe('a folder of example operations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pasar-examples-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const files = {
    '2-pay.graphql': '# Pay\nmutation Pay { pay }\n',
    '1-find.graphql':
      '# id: Cari\n# en: Find\n# id: Ketik apa saja.\n# en: Type anything.\n# Both read this.\nquery Find { find }\n',
    '1-find.json': '\n{ "text": "kopi" }\n',
    'notes.md': 'not an example',
    '3-bare.graphql': 'query Bare { find }\n',
  }
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)

  it('comes in the order of its file names, each with the variables beside it', () => {
    expect(loadExamples(folder).map(({ name, variables }) => [name, variables])).toEqual([
      ['1-find', '{ "text": "kopi" }'],
      ['2-pay', ''],
      ['3-bare', ''],
    ])
  })

  it.each([
    ['id', 'Cari', '# Cari\n# Ketik apa saja.\n# Both read this.\nquery Find { find }\n'],
    ['en', 'Find', '# Find\n# Type anything.\n# Both read this.\nquery Find { find }\n'],
  ] as const)('speaks to its reader in %s', (locale, title, query) => {
    const [find] = loadExamples(folder).map((example) => localiseExample(example, locale))
    expect(find).toMatchObject({ title, query })
  })

  it('is named after its file when it has no title', () => {
    expect(loadExamples(folder).map((example) => localiseExample(example, 'en').title)).toEqual(['Find', 'Pay', '3-bare'])
  })
})
