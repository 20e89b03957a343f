import { SettingProblem } from '@pasar/shared/process/setting-problem'
import { describe, expect, it } from 'vitest'
import { addressKey, clientAddresses } from '../src/identity/client-address.ts'

const forged = '203.0.113.9'

/** Trusted proxies, the connection's address, X-Forwarded-For, and whom we take for the client. */
const cases: readonly (readonly [readonly string[], string, string | undefined, string])[] = [
  [[], '198.51.100.7', forged, '198.51.100.7'],
  [[], '::ffff:198.51.100.7', undefined, '198.51.100.7'],
  [['10.0.0.0/8'], '198.51.100.7', forged, '198.51.100.7'],
  [['10.0.0.0/8'], '10.1.2.3', '198.51.100.7', '198.51.100.7'],
  [['10.0.0.0/8'], '::ffff:10.1.2.3', '198.51.100.7', '198.51.100.7'],
  [['10.0.0.0/8'], '10.1.2.3', undefined, '10.1.2.3'],
  [['10.0.0.0/8'], '10.1.2.3', `${forged}, 198.51.100.7`, '198.51.100.7'],
  [['10.0.0.0/8'], '10.1.2.3', `${forged}, 198.51.100.7, 10.9.9.9`, '198.51.100.7'],
  [['10.0.0.0/8'], '10.1.2.3', `${forged}, not an address, 10.9.9.9`, '10.9.9.9'],
  [['10.0.0.0/8'], '10.1.2.3', "'; drop table accounts; --", '10.1.2.3'],
  [['10.1.2.3'], '10.1.2.4', forged, '10.1.2.4'],
  [['fd00::/8'], 'fd12::1', '2001:db8::7', '2001:db8::7'],
  [['fd00::/8', '127.0.0.1'], '127.0.0.1', '2001:db8::7, fd00::2', '2001:db8::7'],
  [['10.0.0.0/8'], '10.1.2.3', `${forged}, 198.51.100.7:50123, 10.9.9.9:443`, '198.51.100.7'],
  [['fd00::/8'], 'fd12::1', `${forged}, [2001:db8::7]:50123, [fd00::2]`, '2001:db8::7'],
  [['10.0.0.0/8'], '10.1.2.3', '[198.51.100.7', '10.1.2.3'],
]

describe('where a client is', () => {
  it.each(cases)('with %j trusted, from %s saying %s: %s', (...[trusted, address, header, client]) => {
    const headers = header === undefined ? {} : { 'x-forwarded-for': header }
    expect(clientAddresses(trusted)({ address, headers })).toBe(client)
  })

  it('is told by the end of a long list: that is where proxies write', () => {
    const headers = { 'x-forwarded-for': `${`${forged}, `.repeat(64)}198.51.100.7` }
    expect(clientAddresses(['10.0.0.0/8'])({ address: '10.1.2.3', headers })).toBe('198.51.100.7')
  })

  it.each([['proxy.example'], ['10.0.0.0/33'], ['10.0.0.0/'], ['fd00::/129'], ['10.0.0.0/-1']])(
    'does not start with %s as a trusted proxy',
    (network) => {
      expect(() => clientAddresses([network])).toThrow(SettingProblem)
    },
  )

  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['64:ff9b::198.51.100.7', '64:ff9b:0:0::/64'],
  ])('one household is one client: %s is %s', (address, key) => {
    expect(addressKey(address)).toBe(key)
  })
})
