import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import * as runtime from '@prisma/schema-engine-wasm/schema_engine_bg'
import { openPostgres } from '@pasar/shared/postgres/pool'
import { markCatalogueTypes, readCatalogueTypes, sendWholeScripts } from './adapter.ts'

/** Prisma's migrate engine, as WebAssembly. */
export type Engine = runtime.SchemaEngine

/** The part used here of a global that only the browser's type library describes. */
declare const WebAssembly: {
  instantiate(
    code: Uint8Array,
    imports: object,
  ): Promise<{ readonly instance: { readonly exports: { __wbindgen_start(): void } } }>
}

/** Where the engine leaves the reason when it gives up; without it the reason is lost in a failure to tell it. */
const panics = { set_message: (message: string) => console.error(`Prisma's migrate engine gave up: ${message}`) }

let loading: Promise<void> | undefined

/** The module is compiled once per process: it is big, and its glue holds one instance. */
const load = (): Promise<void> => (loading ??= instantiate())

async function instantiate(): Promise<void> {
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: panics })
  const file = createRequire(import.meta.url)
    .resolve('@prisma/schema-engine-wasm')
    .replace(/schema_engine\.js$/, 'schema_engine_bg.wasm')
  const { instance } = await WebAssembly.instantiate(readFileSync(file), { './schema_engine_bg.js': idleImports() })
  runtime.__wbg_set_wasm(instance.exports)
  instance.exports.__wbindgen_start()
}

/** The engine never takes back the 10 s alarm of its lock; such an alarm must not keep a finished process alive. */
function idleImports(): object {
  const timer = Object.keys(runtime).find((name) => name.startsWith('__wbg_setTimeout_'))
  if (timer === undefined) throw new Error('The migrate engine sets its timers in an unknown way')
  return { ...runtime, [timer]: (callback: () => void, ms: number) => setTimeout(callback, ms).unref() }
}

/** Runs `work` with an engine connected to the database. */
export async function withEngine<T>(
  { url, schema }: { url: string; schema: string },
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  await load()
  // One connection: the engine's advisory lock belongs to the session that took it.
  const postgres = openPostgres({ url, connectionsMax: 1 })
  const { pool } = postgres
  try {
    const prisma = new PrismaPg(markCatalogueTypes(pool))
    const connect = prisma.connect.bind(prisma)
    prisma.connect = async () => readCatalogueTypes(sendWholeScripts(await connect()))
    const engine = await runtime.SchemaEngine.new(
      { datamodels: [['schema.prisma', schema]] },
      () => undefined,
      bindMigrationAwareSqlAdapterFactory(prisma),
    )
    return await work(engine).finally(() => engine.free())
  } finally {
    await postgres.stop()
  }
}
