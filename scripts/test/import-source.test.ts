import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSource } from '../src/import/source.ts'
import { header, line, withFile } from './support/import-csv.ts'

const refused = (content: string | Buffer) =>
  withFile(content, (path) =>
    openSource(path).then(
      () => 'taken',
      (error: Error) => `${error.name}: ${error.message.replace(path, 'FILE')}`,
    ),
  )

describe('a file that cannot be imported is refused in one sentence before the market is touched', () => {
  it.each<[string, string | Buffer, string]>([
    ['an empty one', '', 'it is empty'],
    ['one without rows', `${header}\r\n\r\n`, 'it has no rows below its header'],
    ['another header', 'Category;Product Name\n1;2\n', `its first line must read ${header}`],
    ['a header in another order', `${header.split(',').toReversed().join(',')}\nx\n`, `its first line must read ${header}`],
    ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13, 255, 254]), 'it is not a text in UTF-8'],
    ['UTF-16', Buffer.from(`\uFEFF${header}\n${line()}`, 'utf16le'), 'it is not a text in UTF-8'],
    ['megabytes without a line', 'x'.repeat(3_000_000), `its first line must read ${header}`],
  ])('%s', async (_, content, reason) => {
    expect(await refused(content)).toBe(`StartProblem: FILE cannot be imported: ${reason}.`)
  })

  it('a folder, and one that is not there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pasar-import-'))
    try {
      await expect(openSource(folder)).rejects.toMatchObject({
        name: 'StartProblem',
        message: expect.stringMatching('it is a folder'),
      })
      await expect(openSource(join(folder, 'missing.csv'))).rejects.toMatchObject({
        name: 'StartProblem',
        message: expect.stringMatching('there is no such file'),
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('but a header in quotation marks is one', async () => {
    expect(await refused(`${header.replaceAll(/[^,]+/g, '"$&"')}\n${line()}\n`)).toBe('taken')
  })
})
