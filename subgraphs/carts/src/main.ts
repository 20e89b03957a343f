import '@pasar/shared/young-memory'
import { runSubgraph } from '@pasar/shared/process'
import { openCarts } from './subgraph.ts'

runSubgraph('carts', openCarts)
