import '@pasar/shared/young-memory'
import { runSubgraph } from '@pasar/shared/process'
import { openLogistics } from './subgraph.ts'

runSubgraph('logistics', openLogistics)
