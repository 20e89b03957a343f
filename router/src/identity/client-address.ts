import { BlockList, isIP } from 'node:net'
import { SettingProblem } from '@pasar/shared/process/setting-problem'

/** What a request tells of where it comes from. */
export interface Origin {
  /** The other end of its connection. */
  readonly address?: string
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** Finds the address of the client: the connection's, unless that is a proxy that we trust to name another. */
export type ClientAddress = (origin: Origin) => string

/** The address of the connection, whatever the client says. */
export const ownAddress: ClientAddress = ({ address = '' }) => plain(address)

/** The check for a list of trusted proxies, as addresses or networks (`10.0.0.0/8`); throws SettingProblem for anything else. */
export function clientAddresses(trustedProxies: readonly string[]): ClientAddress {
  if (trustedProxies.length === 0) return ownAddress
  const trusted = new BlockList()
  for (const network of trustedProxies) addNetwork(trusted, network)
  const isTrusted = (address: string) => trusted.check(address, familyOf(address) ?? 'ipv4')
  return ({ address = '', headers }) => {
    const named = (headers['x-forwarded-for'] ?? '').split(',').slice(-64)
    let client = plain(address)
    // Each proxy appends whom it heard from: the last one is true as far as the one who wrote it is trusted.
    for (const entry of named.toReversed()) {
      const one = plain(withoutPort(entry.trim()))
      if (familyOf(client) === undefined || !isTrusted(client) || familyOf(one) === undefined) break
      client = one
    }
    return client
  }
}

/** Clients that are one for a budget: an IPv4 address, or the network of an IPv6 address that one household has. */
export function addressKey(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  if (tail !== undefined) {
    const after = tail === '' ? 0 : tail.split(':').length + (tail.includes('.') ? 1 : 0)
    while (groups.length + after < 8) groups.push('0')
  }
  const network = groups.slice(0, 4).map((group) => (group.replace(/^0+(?=.)/, '') || '0').toLowerCase())
  return `${network.join(':')}::/64`
}

/** Some proxies write down the port of a client, too: `198.51.100.7:50123`, or `[2001:db8::7]:50123`. */
const withoutPort = (entry: string) => /^(?:\[(.+)\]|([\d.]+))(?::\d+)?$/.exec(entry)?.slice(1).find(Boolean) ?? entry

/** An IPv4 address that came in over an IPv6 socket is that IPv4 address. */
const plain = (address: string) => (address.startsWith('::ffff:') && address.includes('.') ? address.slice(7) : address)

const familyOf = (address: string) => ({ 4: 'ipv4', 6: 'ipv6' })[isIP(address)] as 'ipv4' | 'ipv6' | undefined

function addNetwork(list: BlockList, network: string): void {
  const [address = '', prefix] = network.split('/', 2)
  const family = familyOf(address)
  const longest = family === 'ipv6' ? 128 : 32
  const length = prefix === undefined ? longest : Number(prefix)
  if (!family || !/^\d+$/.test(prefix ?? '0') || length > longest)
    throw new SettingProblem('TRUSTED_PROXIES must list addresses or networks such as 10.0.0.0/8')
  list.addSubnet(address, length, family)
}
