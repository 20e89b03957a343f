import '@pasar/shared/young-memory'
import { runSubgraph } from '@pasar/shared/process'
import { openProducts } from './subgraph.ts'

runSubgraph('products', openProducts)
