import { describe, expect, it } from 'vitest'
import { readImportCommand } from './options.ts'

describe('the command line of the import', () => {
  it('counts a relative path from where the person stands, not from where npm runs', () => {
    expect(readImportCommand(['data/a.csv', '--json'], { INIT_CWD: '/home/rina' })).toEqual({
      file: '/home/rina/data/a.csv',
      json: true,
    })
    expect(readImportCommand(['/data/a.csv'], { INIT_CWD: '/home/rina' })).toEqual({ file: '/data/a.csv', json: false })
  })

  it.each([[[]], [['']], [['a.csv', 'b.csv']], [['--fast', 'a.csv']]])('says how it is used when it gets %j', (args) => {
    expect(() => readImportCommand(args, {})).toThrow(expect.objectContaining({ name: 'StartProblem' }))
  })
})
