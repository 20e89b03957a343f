import '@pasar/shared/young-memory'
import { runSubgraph } from '@pasar/shared/process'
import { openUsers } from './subgraph.ts'

runSubgraph('users', openUsers)
