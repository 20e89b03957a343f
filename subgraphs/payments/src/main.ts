import '@pasar/shared/young-memory'
import { runSubgraph } from '@pasar/shared/process'
import { openPayments } from './subgraph.ts'

runSubgraph('payments', openPayments)
