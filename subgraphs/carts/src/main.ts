import '@pasar/shared/process/young-memory'
import { runSubgraph } from '@pasar/shared/process/run'
import { openCarts } from './subgraph.ts'

runSubgraph('carts', openCarts)
