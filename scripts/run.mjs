// The way in of every npm script: plain JavaScript, because it must be able to say that this Node cannot run the rest.
import { existsSync } from 'node:fs'

const [major, minor] = process.versions.node.split('.').map(Number)
const stop = (sentence) => {
  console.error(sentence)
  process.exit(1)
}

if (major < 20 || (major === 20 && minor < 19)) stop(`Pasar needs Node 20.19 or newer; this is ${process.version}.`)
if (!existsSync(new URL('../node_modules/tsx', import.meta.url))) stop('Pasar is not installed yet: run "npm ci" first.')

const name = process.argv[2]
if (!name || !existsSync(new URL(`./src/${name}.ts`, import.meta.url))) stop(`There is no script "${name ?? ''}" in scripts/src.`)

process.argv.splice(2, 1)
// Nothing that we install may phone home.
Object.assign(process.env, { APOLLO_TELEMETRY_DISABLED: '1', CHECKPOINT_DISABLE: '1', TURBO_TELEMETRY_DISABLED: '1' })

const { register } = await import('tsx/esm/api')
register()
await import(new URL(`./src/${name}.ts`, import.meta.url).href)
