import { readSettings } from '@pasar/shared/process/settings'
import { expect, it } from 'vitest'
import { fleetEnvironment } from './environment.ts'

it('finds the simulators of a market that listens on an IPv6 address', () => {
  const settings = readSettings({ HOST: '::1', PORT_SIMULATORS: '4100', PORT_SMTP: '1025' })
  expect(fleetEnvironment({ env: {}, settings, databaseUrl: (domain) => domain })).toMatchObject({
    COURIER_URL: 'http://[::1]:4100/simulators/courier',
    SMTP_URL: 'smtp://[::1]:1025',
  })
})
