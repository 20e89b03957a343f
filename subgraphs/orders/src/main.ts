import { fleetTransports } from '@pasar/shared/addresses'
import { openCalls } from '@pasar/shared/calls'
import { openSigner } from '@pasar/shared/identity'
import { signingKeys } from '@pasar/shared/keys'
import { runSubgraph } from '@pasar/shared/process'
import { openOrders } from './subgraph.ts'

runSubgraph('orders', (platform, databaseUrl) => {
  const signer = openSigner(signingKeys(platform.settings, 'orders'), platform.clock)
  return openOrders(platform, databaseUrl, openCalls(signer, fleetTransports(platform.settings), 'orders'))
})
