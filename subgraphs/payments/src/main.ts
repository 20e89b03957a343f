import '@pasar/shared/process/young-memory'
import { runSubgraph } from '@pasar/shared/process/run'
import { openPayments } from './subgraph.ts'

runSubgraph('payments', openPayments)
