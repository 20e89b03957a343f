import '@pasar/router/lean-memory'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { readPersisted } from '@pasar/router/persisted/manifest'
import { openStandalone } from '@pasar/router/standalone'
import { openLog } from '@pasar/shared/log'
import { needSetting } from '@pasar/shared/process/run'
import { SettingProblem } from '@pasar/shared/process/setting-problem'
import { readSettings } from '@pasar/shared/process/settings'
import { onShutdown } from '@pasar/shared/process/shutdown'
import { GraphQLError } from 'graphql'
import { runCommand } from './command.ts'

/** `SUPERGRAPH=file PORT=n npm run router:standalone`: the router alone, for any supergraph that Apollo's gateway can load. */
await runCommand(async () => {
  const settings = readSettings(process.env)
  const given = needSetting(settings, 'SUPERGRAPH', 'a router that stands alone reads which file to serve from it')
  const file = resolve(process.env['INIT_CWD'] ?? '.', given)
  const { HOST: host, PORT: port } = settings
  const log = openLog(settings.LOG_LEVEL, 'router')
  const standalone = await openStandalone({
    supergraph: read(file),
    file,
    host,
    port,
    log,
    cache: settings.ROUTER_CACHE === 'on',
    persisted: readPersisted(settings),
  }).catch((error: unknown) => {
    if (!(error instanceof GraphQLError)) throw error
    throw new SettingProblem(`SUPERGRAPH: ${file} is no supergraph that Apollo's gateway can load: ${error.message}`)
  })
  console.log(`The router answers at ${standalone.url}/graphql`)
  onShutdown(log, standalone.stop)
})

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new SettingProblem(`SUPERGRAPH: ${file} cannot be read`)
  }
}
