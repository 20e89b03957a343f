import { describe, expect, it } from 'vitest'
import { openProgress } from './progress.ts'

function screen(isTTY: boolean) {
  const written: string[] = []
  return { written, isTTY, columns: 60, write: (text: string) => written.push(text) }
}

describe('progress', () => {
  it('is a bar on a terminal that stays within its line and is gone at the end', () => {
    const output = screen(true)
    const progress = openProgress(output, 1_000, () => 0)
    progress.show({ bytes: 500, rows: 1_200 })
    progress.show({ bytes: 1_000, rows: 2_400 })
    progress.end()
    const [half = '', whole = '', end] = output.written
    expect(half).toBe(`\r${'█'.repeat(20)}${'░'.repeat(20)}  50 %  1,200 rows\u001B[K`)
    expect(whole).toMatch(/^\r█{40} 100 %  2,400 rows/)
    expect(half.length).toBeLessThanOrEqual(60 + '\r\u001B[K'.length)
    expect(end).toBe('\r\u001B[K')
  })

  it('is a plain line every three seconds elsewhere', () => {
    const output = screen(false)
    let elapsed = 0
    const progress = openProgress(output, 1_000, () => elapsed)
    for (elapsed = 0; elapsed < 8_000; elapsed += 1_000) progress.show({ bytes: elapsed / 10, rows: elapsed })
    progress.end()
    expect(output.written).toEqual(['30 %, 3,000 rows\n', '60 %, 6,000 rows\n'])
  })
})
