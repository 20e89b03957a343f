import { describe, expect, it } from 'vitest'
import { csvLimits, recordsOf, type CsvRecord } from './csv.ts'

/** Reads a text that arrives in pieces of this many bytes. */
async function read(text: string | Buffer, columns = 3, pieceBytes = 7): Promise<CsvRecord[]> {
  const bytes = Buffer.from(text)
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
  }
  const records: CsvRecord[] = []
  for await (const record of recordsOf(pieces(), columns)) records.push(record)
  return records
}

const lines = async (text: string | Buffer) =>
  (await read(text)).map((record) => ('cells' in record ? [record.line, ...record.cells] : [record.line, record.problem]))

describe('reading CSV', () => {
  it('takes commas, quotation marks and line breaks inside of quotation marks, and counts lines', async () => {
    expect(await lines('a,b,c\r\n"1, one","say ""hi""","two\r\nlines"\n\n4,é,\n')).toEqual([
      [1, 'a', 'b', 'c'],
      [2, '1, one', 'say "hi"', 'two\nlines'],
      [5, '4', 'é', ''],
    ])
  })

  it('takes a last line without an end', async () => {
    expect(await lines('a,b,c\n1,2,""')).toEqual([
      [1, 'a', 'b', 'c'],
      [2, '1', '2', ''],
    ])
  })

  it('reports a quotation mark that is never closed and loses none of the lines behind it', async () => {
    const text = '1,x,y\n2,"never closed,z\n3,x,y\n4,"fine, here",y\n5,x,y\n6,"never closed either,y\n7,x,y\n'
    expect(await lines(text)).toEqual([
      [1, '1', 'x', 'y'],
      [2, 'a quotation mark is never closed'],
      [3, '3', 'x', 'y'],
      [4, '4', 'fine, here', 'y'],
      [5, '5', 'x', 'y'],
      [6, 'a quotation mark is never closed'],
      [7, '7', 'x', 'y'],
    ])
  })

  it('does not let two such lines make a record of what stands between them', async () => {
    expect(await lines('1,"open,y\n2,x,y\n3,x,open"\n4,x,y\n')).toEqual([
      [1, 'a quotation mark is never closed'],
      [2, '2', 'x', 'y'],
      [3, 'a quotation mark is in the wrong place'],
      [4, '4', 'x', 'y'],
    ])
  })

  it('reports too few and too many columns and marks in the wrong place', async () => {
    expect(await lines('1,x\n2,x,y,z\n3,x"y,z\n4,"x"y,z\n5,x,y\n')).toEqual([
      [1, 'has 2 columns where 3 were expected'],
      [2, 'has 4 columns where 3 were expected'],
      [3, 'a quotation mark is in the wrong place'],
      [4, 'a quotation mark is in the wrong place'],
      [5, '5', 'x', 'y'],
    ])
  })

  it('reports lines that are not UTF-8', async () => {
    expect(
      await lines(Buffer.concat([Buffer.from('1,x,'), Buffer.from([0xff, 0xfe]), Buffer.from('\n2,\0,y\n3,x,y\n')])),
    ).toEqual([
      [1, 'holds bytes that are not UTF-8 text'],
      [2, 'holds bytes that are not UTF-8 text'],
      [3, '3', 'x', 'y'],
    ])
  })

  it('passes over a line that is too long, in memory that does not grow with it', async () => {
    const long = 'x'.repeat(csvLimits.lineCharactersMax * 3)
    const records = await read(`1,x,y\n2,${long},y\n3,x,y\n`, 3, 10_000)
    expect(records).toEqual([
      { line: 1, cells: ['1', 'x', 'y'] },
      { line: 2, problem: `is longer than ${csvLimits.lineCharactersMax} characters` },
      { line: 3, cells: ['3', 'x', 'y'] },
    ])
  })

  it('gives up a record that goes on for too many lines', async () => {
    const text = `1,"open,y\n${'x,y,z\n'.repeat(csvLimits.recordLinesMax * 2)}`
    const records = await read(text, 3, 1_000)
    expect(records[0]).toEqual({ line: 1, problem: 'a quotation mark is never closed' })
    expect(records).toHaveLength(1 + csvLimits.recordLinesMax * 2)
  })
})
