import '@pasar/router/lean-memory'
import { openAccessTokens, remoteKeys } from '@pasar/router/identity/access-token'
import { openRouter } from '@pasar/router/router'
import { serveRouter } from '@pasar/router/serve'
import { loadSupergraph } from '@pasar/schema/load'
import { fleetTransports, subgraphUrl } from '@pasar/shared/process/addresses'
import { systemClock } from '@pasar/shared/clock'
import { openSigner, type Signer } from '@pasar/shared/identity/signature'
import { signingKeys } from '@pasar/shared/identity/keys'
import { openLog } from '@pasar/shared/log'
import { readSettings } from '@pasar/shared/process/settings'
import { viewerHeader, viewerText } from './viewer-header.ts'

// A process of its own: the router of a fleet, with all its limits and access rules; without signatures when BENCH_UNSIGNED says so.
const settings = readSettings(process.env)
const log = openLog(settings.LOG_LEVEL, 'router')
const unsigned: Signer = { headers: async (_, { viewer }) => ({ [viewerHeader]: viewerText(viewer) }) }
const router = await openRouter({
  clock: systemClock,
  log,
  settings,
  supergraph: loadSupergraph(),
  transports: fleetTransports(settings),
  signer: process.env['BENCH_UNSIGNED'] === 'yes' ? unsigned : openSigner(signingKeys(settings, 'router'), systemClock),
  verifyAccessToken: openAccessTokens(remoteKeys(subgraphUrl(settings, 'users')), systemClock),
})
await serveRouter(router, { host: '127.0.0.1', port: settings.PORT, log, routes: [], ready: async () => undefined })
process.on('SIGTERM', () => process.exit(0))
process.on('disconnect', () => process.exit(0))
