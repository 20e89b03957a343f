import { describe, expect, it } from 'vitest'
import { faultsOfLock } from './advisories.ts'

const advisories = [{ package: 'ws', fixed: ['7.5.10', '8.17.1'], advisory: 'CVE-2024-37890', what: 'a crash' }]
const lockOf = (version: string, path = 'node_modules/ws') => ({
  packages: { '': {}, [path]: { version, integrity: 'sha512-x' } },
})

describe('the check for known faults', () => {
  it.each(['8.17.0', '7.5.9', '6.2.3', '8.9.0', '7.5.9-beta.10'])('refuses %s', (version) => {
    expect(faultsOfLock(lockOf(version), advisories)).toEqual([
      `ws ${version}: a crash (CVE-2024-37890); mended in 7.5.10, 8.17.1`,
    ])
  })

  it.each(['8.17.1', '8.20.0', '7.5.10', '7.6.0', '9.0.0', '10.1.0'])('takes %s', (version) => {
    expect(faultsOfLock(lockOf(version), advisories)).toEqual([])
  })

  it('finds a package inside another one, and does not take one for another', () => {
    expect(faultsOfLock(lockOf('8.0.0', 'node_modules/a/node_modules/ws'), advisories)).toHaveLength(1)
    expect(faultsOfLock(lockOf('1.0.0', 'node_modules/@types/ws'), advisories)).toEqual([])
  })

  it('refuses what is not locked by its content', () => {
    const packages = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/@pasar/router': { link: true }, router: {} }
    expect(faultsOfLock({ packages }, advisories)).toEqual(['a 1.0.0: its content is not locked by a sha512'])
  })
})
