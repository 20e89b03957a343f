// Runs one TypeScript file: `node run-file.mjs file.ts`.
import { pathToFileURL } from 'node:url'
import { register } from 'tsx/esm/api'

register()
const [, , file] = process.argv
process.argv.splice(1, 2, file)
await import(pathToFileURL(file).href)
