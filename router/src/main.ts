import { loadSupergraph } from '@pasar/schema/load'
import { fleetTransports, subgraphUrl } from '@pasar/shared/addresses'
import { systemClock } from '@pasar/shared/clock'
import { domains } from '@pasar/shared/domains'
import { openSigner } from '@pasar/shared/identity'
import { signingKeys } from '@pasar/shared/keys'
import { runProcess } from '@pasar/shared/process'
import { onShutdown } from '@pasar/shared/shutdown'
import { graphqlPath } from '@pasar/shared/transport'
import { openAccessTokens, remoteKeys } from './identity/access-token.ts'
import { demoAccounts } from './pages/demo-accounts.ts'
import { marketLinks } from './pages/page-links.ts'
import { pages } from './pages/pages.ts'
import { openRouter } from './router.ts'
import { httpReady, serveRouter } from './serve.ts'

/** The router as a process of a fleet. */
runProcess('router', async ({ settings, log }) => {
  const clock = systemClock
  const transports = fleetTransports(settings)
  const signer = openSigner(signingKeys(settings, 'router'), clock)
  const verifyAccessToken = openAccessTokens(remoteKeys(subgraphUrl(settings, 'users')), clock)
  const router = await openRouter({ supergraph: loadSupergraph(), transports, signer, verifyAccessToken, clock, log, settings })
  const production = settings.NODE_ENV === 'production'
  const simulators = `http://${settings.HOST}:${settings.PORT_SIMULATORS}`
  const links = marketLinks.map((link) => (link.development ? { ...link, path: simulators + link.path } : link))
  const routes = pages({ production, accounts: demoAccounts, graphqlPath, links })
  const ready = async () => void (await Promise.all(domains.map((domain) => httpReady(subgraphUrl(settings, domain)))))
  const http = await serveRouter(router, { host: settings.HOST, port: settings.PORT, log, routes, ready })
  onShutdown(
    log,
    () => http.stop(),
    () => router.stop(),
    async () => void (await Promise.all(Object.values(transports).map((transport) => transport.stop()))),
  )
})
