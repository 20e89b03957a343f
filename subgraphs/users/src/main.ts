import '@pasar/shared/process/young-memory'
import { fleetCalls } from '@pasar/shared/process/addresses'
import { runSubgraph } from '@pasar/shared/process/run'
import { openUsers } from './subgraph.ts'

runSubgraph('users', (platform, databaseUrl) => openUsers(platform, databaseUrl, fleetCalls(platform, 'users')))
