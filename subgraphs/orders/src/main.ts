import '@pasar/shared/process/young-memory'
import { fleetCalls } from '@pasar/shared/process/addresses'
import { runSubgraph } from '@pasar/shared/process/run'
import { openOrders } from './subgraph.ts'

runSubgraph('orders', (platform, databaseUrl) => openOrders(platform, databaseUrl, fleetCalls(platform, 'orders')))
