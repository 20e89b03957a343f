import { describe, expect, it } from 'vitest'
import { fixedClock } from '../clock.ts'
import { openSigner } from './signature.ts'
import { generateKeys, signingKeys, trustedIssuers } from './keys.ts'
import { readSettings } from '../process/settings.ts'
import { openDoorCheck } from './unsigned.ts'
import { guest, type RequestIdentity } from './viewer.ts'

const settings = readSettings(generateKeys())
const identity: RequestIdentity = { viewer: guest, locale: 'id', requestId: 'r-1' }
const admitUnsigned = () => identity
const bound = { path: '/graphql', body: '{}' }
const door = () => ({ clock: fixedClock(), trusted: trustedIssuers(settings, 'products'), settings })

describe('the door of a subgraph', () => {
  it('stays shut to whoever does not sign, unless it was opened by hand', async () => {
    await expect(openDoorCheck(door(), 'products')({}, bound)).rejects.toThrow('not signed')
  })

  it('admits the unsigned of a measurement, and still refuses a signature that does not fit', async () => {
    const { clock, ...rest } = door()
    const check = openDoorCheck({ ...rest, clock, admitUnsigned }, 'products')
    expect(await check({}, bound)).toEqual(identity)
    const headers = await openSigner(signingKeys(settings, 'router'), clock).headers('products', identity, bound)
    await expect(check(headers, { ...bound, body: '{"query":"{ altered }"}' })).rejects.toThrow('not signed')
  })

  it('cannot be opened where others than this machine could reach it', () => {
    const open = () => openDoorCheck({ ...door(), settings: { HOST: '0.0.0.0' }, admitUnsigned }, 'products')
    expect(open).toThrow('127.0.0.1')
  })
})
