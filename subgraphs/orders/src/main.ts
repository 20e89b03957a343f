import '@pasar/shared/young-memory'
import { fleetCalls } from '@pasar/shared/addresses'
import { runSubgraph } from '@pasar/shared/process'
import { openOrders } from './subgraph.ts'

runSubgraph('orders', (platform, databaseUrl) => openOrders(platform, databaseUrl, fleetCalls(platform, 'orders')))
