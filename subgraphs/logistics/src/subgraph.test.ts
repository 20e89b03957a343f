import { fixedClock } from '@pasar/shared/clock'
import { generateKeys, trustedIssuers } from '@pasar/shared/identity/keys'
import { openLog } from '@pasar/shared/log'
import { memoryBus } from '@pasar/shared/events/memory-bus'
import { readSettings } from '@pasar/shared/process/settings'
import { expect, it } from 'vitest'
import { openLogistics } from './subgraph.ts'

it('no market in production believes notifications that everybody could sign as the courier', async () => {
  const settings = readSettings({ ...generateKeys(), NODE_ENV: 'production', COURIER_URL: 'https://courier.example' })
  const parts = { clock: fixedClock(), bus: memoryBus(), log: openLog('silent', 'test'), background: false }
  const platform = { ...parts, settings, trusted: trustedIssuers(settings, 'logistics') }
  await expect(openLogistics(platform, 'postgres://127.0.0.1:1/logistics')).rejects.toThrow(
    'COURIER_SECRET must be set in production: its development value is known to everybody',
  )
})
