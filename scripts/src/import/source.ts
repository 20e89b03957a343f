import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { StartProblem } from '../start-problem.ts'
import { cellsOf, recordsOf, type CsvRecord } from './csv.ts'
import { columns } from './row.ts'

/** A file that can be imported: its size, and its records without the header. */
export interface ImportSource {
  readonly bytes: number
  /** `onBytes` is told how far reading has come. */
  records(onBytes: (bytes: number) => void): AsyncGenerator<CsvRecord>
}

/** So much is looked at before anything else happens: a header is far shorter. */
const headBytesMax = 65_536

const faults: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  ELOOP: 'it is a link to itself',
  ENAMETOOLONG: 'the name is too long',
  ENOTDIR: 'a part of the path is not a folder',
}

/** Looks at a file before the market is touched: what is wrong with it is said in one sentence. */
export async function openSource(path: string): Promise<ImportSource> {
  const problem = (reason: string) => new StartProblem(`${path} cannot be imported: ${reason}.`)
  try {
    const found = await stat(path)
    if (found.isDirectory()) throw problem('it is a folder')
    if (!found.isFile()) throw problem('it is not an ordinary file')
    const fault = faultOf(await headOf(path))
    if (fault !== undefined) throw problem(fault)
    return { bytes: found.size, records: (onBytes) => recordsIn(path, onBytes) }
  } catch (error) {
    const reason = faults[(error as NodeJS.ErrnoException).code ?? '']
    throw reason === undefined ? error : problem(reason)
  }
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(headBytesMax), 0, headBytesMax, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** What the beginning of a file says against it. */
function faultOf(head: Buffer): string | undefined {
  if (head.length === 0) return 'it is empty'
  const text = withoutMark(head.toString('utf8'))
  const [first = '', ...rest] = text.split(/\r?\n/)
  if (isHeader(first)) return rest.join('').trim() === '' ? 'it has no rows below its header' : undefined
  // The last character may have been cut in two.
  if (/[\0\uFFFD]/.test(text.slice(0, -1))) return 'it is not a text in UTF-8'
  return `its first line must read ${columns.join(',')}`
}

function isHeader(line: string): boolean {
  const read = cellsOf(line)
  return read.kind === 'whole' && read.cells.map((cell) => cell.trim()).join() === columns.join()
}

const withoutMark = (text: string) => text.replace(/^\uFEFF/, '')

async function* recordsIn(path: string, onBytes: (bytes: number) => void): AsyncGenerator<CsvRecord> {
  const stream = createReadStream(path)
  let first = true
  for await (const record of recordsOf(stream, columns.length)) {
    onBytes(stream.bytesRead)
    if (!first) yield record
    first = false
  }
}
