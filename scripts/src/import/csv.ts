import { StringDecoder } from 'node:string_decoder'

/** Bounds of a file, so that reading takes the same memory however long it is. */
export const csvLimits = {
  /** A review has at most 5,000 characters; a line far beyond that is not text. */
  lineCharactersMax: 65_536,
  /** A text with more line breaks than this is an unclosed quotation mark. */
  recordLinesMax: 100,
} as const

/** A record with the number of the line that it begins on, or why there is none. */
export type CsvRecord =
  { readonly line: number; readonly cells: readonly string[] } | { readonly line: number; readonly problem: string }

interface Line {
  readonly number: number
  readonly text: string
  readonly problem?: string
}

/** Lines of a stream with their numbers; a line that is too long is passed over and only its number is given. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line> {
  const decoder = new StringDecoder('utf8')
  let number = 1
  let held = ''
  let tooLong = false
  const end = (text: string): Line => {
    const line = { number, text: tooLong ? '' : text.replace(/\r$/, '') }
    const problem = tooLong ? `is longer than ${csvLimits.lineCharactersMax} characters` : unreadable(text)
    number += 1
    tooLong = false
    return problem === undefined ? line : { ...line, problem }
  }
  for await (const chunk of chunks) {
    const parts = (held + decoder.write(chunk)).split('\n')
    held = parts.pop() ?? ''
    for (const part of parts) {
      tooLong ||= part.length > csvLimits.lineCharactersMax
      yield end(part)
    }
    if (held.length <= csvLimits.lineCharactersMax) continue
    tooLong = true
    held = ''
  }
  const last = held + decoder.end()
  if (last !== '' || tooLong) yield end(last)
}

const unreadable = (text: string): string | undefined =>
  /[\0\uFFFD]/.test(text) ? 'holds bytes that are not UTF-8 text' : undefined

/** What reading the text of a record came to: its cells, or that its last quotation mark is still open, or that it breaks the rules. */
type Cells = { readonly kind: 'whole'; readonly cells: readonly string[] } | { readonly kind: 'open' | 'broken' }

/** A cell in quotation marks, or one without any; then a comma or the end. */
const cell = /(?:"([^"]*(?:""[^"]*)*)"|([^",\n]*))(,|$)/y

/** Splits a record by RFC 4180. */
export function cellsOf(text: string): Cells {
  const cells: string[] = []
  for (let at = 0; ;) {
    cell.lastIndex = at
    const found = cell.exec(text)
    if (!found) return { kind: isOpen(text.slice(at)) ? 'open' : 'broken' }
    cells.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '')
    at = cell.lastIndex
    if (found[3] === '') return { kind: 'whole', cells }
  }
}

/** Whether a cell begins with a quotation mark that nothing closes. */
const isOpen = (text: string): boolean => text.startsWith('"') && !/^"[^"]*(?:""[^"]*)*"(?!")/.test(text)

/**
 * Records of a CSV file with this many columns. Whatever is wrong with a line is reported, and reading goes on with the next line: also
 * after a quotation mark that is never closed, which by the letter of RFC 4180 would swallow the rest of the file.
 */
export async function* recordsOf(chunks: AsyncIterable<Buffer>, columns: number): AsyncGenerator<CsvRecord> {
  let held: Line[] = []
  for await (const line of linesOf(chunks)) {
    held.push(line)
    for (let next = take(held, columns); next; next = take(held, columns)) {
      held = held.slice(next.lines)
      if (next.record) yield next.record
    }
  }
  while (held.length > 0) {
    const next = take(held, columns) ?? giveUp(held, neverClosed)
    held = held.slice(next.lines)
    if (next.record) yield next.record
  }
}

/** How many of the held lines are dealt with, and the record they hold; a blank line holds none. */
interface Taken {
  readonly lines: number
  readonly record?: CsvRecord
}

const giveUp = ([first]: readonly Line[], problem: string): Taken => ({ lines: 1, record: { line: first!.number, problem } })

/** The first record of the held lines, or undefined when it goes on in lines to come. */
function take(held: readonly Line[], columns: number): Taken | undefined {
  const [first] = held
  if (!first) return undefined
  if (first.problem !== undefined) return giveUp(held, first.problem)
  if (first.text.trim() === '') return { lines: 1 }
  for (let lines = 1; lines <= held.length; lines++) {
    const last = held[lines - 1]!
    if (last.problem !== undefined) return giveUp(held, neverClosed)
    // Inside of quotation marks only another one can make a difference.
    if (lines > 1 && !last.text.includes('"')) continue
    const read = cellsOf(
      held
        .slice(0, lines)
        .map(({ text }) => text)
        .join('\n'),
    )
    if (read.kind === 'whole' && read.cells.length === columns)
      return { lines, record: { line: first.number, cells: read.cells } }
    if (read.kind !== 'open') return giveUp(held, faultOf(read, { lines, columns }))
  }
  return held.length < csvLimits.recordLinesMax ? undefined : giveUp(held, neverClosed)
}

const neverClosed = 'a quotation mark is never closed'

/** More than one line that do not make a record are one line with a mark too many, and others that have nothing to do with it. */
function faultOf(read: Cells, { lines, columns }: { readonly lines: number; readonly columns: number }): string {
  if (lines > 1) return neverClosed
  if (read.kind === 'whole') return `has ${read.cells.length} columns where ${columns} were expected`
  return 'a quotation mark is in the wrong place'
}
