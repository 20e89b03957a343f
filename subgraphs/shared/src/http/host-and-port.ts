import { isIPv6 } from 'node:net'

/** A host and its port as an address says them: an IPv6 address stands in brackets, or its colons would be taken for the one before the port. */
export const hostAndPort = (host: string, port: number): string => `${isIPv6(host) ? `[${host}]` : host}:${port}`
