import { domains } from '@pasar/shared/domains'
import { defaultDataDir } from '../../paths.ts'
import { startPostgres, type EmbeddedPostgres } from '../../postgres/server.ts'
import type { Urls } from './postgres-apart.ts'
import { openRpc } from './rpc.ts'

// Keeps the PostgreSQL of a proof, and ends with whoever asked for it.
process.on('SIGINT', () => undefined)

let server: EmbeddedPostgres | undefined

const stop = async () => {
  await server?.stop()
  server = undefined
}

process.on('disconnect', () => void stop().finally(() => process.exit(0)))

const urlsOf = ({ adminUrl, urlFor, ownerUrlFor }: EmbeddedPostgres): Urls => ({
  adminUrl,
  urls: Object.fromEntries(domains.map((domain) => [domain, urlFor(domain)])) as Urls['urls'],
  ownerUrls: Object.fromEntries(domains.map((domain) => [domain, ownerUrlFor(domain)])) as Urls['ownerUrls'],
})

const ask = openRpc(
  { send: (message) => void process.send!(message), on: (event, listener) => process.on(event, listener) },
  {
    start: async () => {
      server = await startPostgres({ dataDir: defaultDataDir, mode: 'crashing', say: (line) => void ask('say', { line }) })
      return urlsOf(server)
    },
    crash: () => server!.crash(),
    stop,
  },
)
