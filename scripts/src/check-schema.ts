import { loadSubgraphSdl } from '@pasar/schema/load'
import { domains } from '@pasar/shared/domains'
import { faultsOfMessagingTables } from './check-schema/messaging-tables.ts'
import { faultsOfSdl } from './check-schema/sdl.ts'

/** `npm run check:schema`: our conventions for SDL and for the tables that all databases share. */
const faults = [...domains.flatMap((domain) => faultsOfSdl(domain, loadSubgraphSdl(domain))), ...faultsOfMessagingTables()]
for (const fault of faults) console.error(fault)
if (faults.length > 0) process.exitCode = 1
else console.log(`The SDL of ${domains.length} subgraphs keeps our conventions`)
