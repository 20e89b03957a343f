import { expect, it } from 'vitest'
import { writingTo } from './start-problem.ts'

it.each([
  ['EACCES', 'permission denied. Give your account the right to write there, then start again.'],
  ['EROFS', 'the file system is read-only. Make it writable, then start again.'],
  ['ENOSPC', 'the disk is full. Make room there, then start again.'],
])('who cannot write because of %s is told what helps against that', async (code, sentence) => {
  const work = () => Promise.reject(Object.assign(new Error('write'), { code }))
  await expect(writingTo('/data', work)).rejects.toThrow(`Pasar cannot write to /data: ${sentence}`)
})
