import { openLog } from '@pasar/shared/log'
import { openStandalone } from '../src/standalone.ts'
import type { RouterOpener } from './engine/run-fixture.ts'

/** The router as `npm run router:standalone` opens it. */
export const openRouterUnderTest: RouterOpener = (supergraph) =>
  openStandalone({ supergraph, host: '127.0.0.1', port: 0, log: openLog('silent', 'router') })
