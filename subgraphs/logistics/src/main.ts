import '@pasar/shared/process/young-memory'
import { runSubgraph } from '@pasar/shared/process/run'
import { openLogistics } from './subgraph.ts'

runSubgraph('logistics', openLogistics)
