import { lstatSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { completeLinks, installedBinaries } from './binaries.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pasar-package-'))
  mkdirSync(join(folder, 'native', 'lib'), { recursive: true })
  writeFileSync(join(folder, 'native', 'lib', 'libpq.so.5.18'), '')
})

afterEach(() => rmSync(folder, { recursive: true }))

const list = (target: string) =>
  writeFileSync(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify([{ source: 'native/lib/libpq.so.5.18', target }]))

it('makes the library links that an install without scripts left out, and leaves them alone afterwards', () => {
  list('native/lib/libpq.so.5')
  completeLinks(join(folder, 'native'))
  const link = join(folder, 'native', 'lib', 'libpq.so.5')
  expect(readlinkSync(link)).toBe('libpq.so.5.18')
  const { ctimeMs } = lstatSync(link)
  completeLinks(join(folder, 'native'))
  expect(lstatSync(link).ctimeMs).toBe(ctimeMs)
})

it('says what to do when a link cannot be made', () => {
  list('native/missing/libpq.so.5')
  expect(() => completeLinks(join(folder, 'native'))).toThrow(/run npm rebuild as the owner of node_modules/)
})

it('says which machines it supports on any other', () => {
  expect(() => installedBinaries('win32-x64')).toThrow(/for Linux and macOS on x64 and arm64, not for win32-x64/)
})

it('finds the programs of this machine', () => {
  expect(lstatSync(join(installedBinaries(), 'bin', 'postgres')).isFile()).toBe(true)
})
