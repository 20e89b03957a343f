import '@pasar/shared/process/young-memory'
import { runSubgraph } from '@pasar/shared/process/run'
import { openProducts } from './subgraph.ts'

runSubgraph('products', openProducts)
