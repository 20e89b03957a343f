import { defineConfig } from '@graphql-hive/gateway'
import { unifiedGraphHandler } from '@graphql-hive/router-runtime'

const header = process.env['FORWARD']
const rust = process.env['HIVE_PLANNER'] === 'rust'

/**
 * As its manual starts it; sharing equal subgraph requests in flight is its default, sharing equal requests of clients is not.
 *
 * @public
 */
export const gatewayConfig = defineConfig({
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) => ({ [header]: request.headers.get(header) ?? undefined }),
  },
  ...(rust && { unifiedGraphHandler }),
  ...(process.env['HIVE_SHARE'] === 'inbound' && { inboundInflightRequestDeduplication: true }),
})
