// The way in of `npm run bench:…`: says what is missing before anything is loaded.
import { existsSync } from 'node:fs'

const stop = (sentence) => {
  console.error(sentence)
  process.exit(1)
}
const there = (path) => existsSync(new URL(path, import.meta.url))

const name = process.argv[2]
if (!name || !there(`./src/${name}.ts`))
  stop('Say what to measure: npm run bench:router, bench:peers, bench:market, bench:stock or bench:checkout.')
if (!there('../node_modules/tsx')) stop('Pasar is not installed yet: run "npm ci" first.')
if ((name === 'bench-router' || name === 'bench-peers') && !there('./node_modules/@graphql-hive'))
  stop('The gateways to compare with are not installed yet: run "npm ci" in the folder bench first.')

process.argv.splice(2, 1)
Object.assign(process.env, { APOLLO_TELEMETRY_DISABLED: '1', CHECKPOINT_DISABLE: '1', TURBO_TELEMETRY_DISABLED: '1' })

const { register } = await import('tsx/esm/api')
register()
await import(new URL(`./src/${name}.ts`, import.meta.url).href)
