import '@pasar/shared/young-memory'
import { fleetCalls } from '@pasar/shared/addresses'
import { runSubgraph } from '@pasar/shared/process'
import { openUsers } from './subgraph.ts'

runSubgraph('users', (platform, databaseUrl) => openUsers(platform, databaseUrl, fleetCalls(platform, 'users')))
