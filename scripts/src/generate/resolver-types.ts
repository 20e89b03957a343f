import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from '@graphql-codegen/cli'
import { subgraphSdlText } from '@pasar/schema/load'
import { domains } from '@pasar/shared/domains'
import { root } from '../paths.ts'

/** Where the SDL comes from and the types go. */
export interface ResolverTypesOptions {
  /** SDL of one subgraph, with what all subgraphs share. */
  readonly sdlOf?: (domain: string) => string
  /** Holds one folder per subgraph; the checkout's `subgraphs` unless told otherwise. */
  readonly folder?: string
  readonly only?: readonly string[]
}

/** Writes `<subgraph>/src/generated/resolvers.ts` from the SDL of every subgraph that has one. Returns the files. */
export async function generateResolverTypes(options: ResolverTypesOptions = {}): Promise<readonly string[]> {
  const { sdlOf = subgraphSdlText, folder = join(root, 'subgraphs'), only = domains.filter(hasSdl) } = options
  const outputs = only.map(
    (domain) => [join(folder, domain, 'src', 'generated', 'resolvers.ts'), output(domain, sdlOf(domain), folder)] as const,
  )
  if (outputs.length === 0) return []
  await generate({ generates: Object.fromEntries(outputs), silent: true, errorsOnly: true, cwd: root }, true)
  return outputs.map(([file]) => file)
}

const hasSdl = (domain: string) => existsSync(join(root, 'schema', `${domain}.graphql`))

const output = (domain: string, schema: string, folder: string) => ({
  schema,
  plugins: ['typescript', 'typescript-resolvers'],
  config: {
    ...settings,
    ...(existsSync(join(folder, domain, 'src', 'context.ts'))
      ? { contextType: `../context.ts#${capitalised(domain)}Context` }
      : {}),
    mappers: mappersOf(join(folder, domain, 'mappers.json')),
  },
})

/** Which type of ours stands behind an SDL type: `{ "Order": "../domain/order.ts#Order as OrderModel" }`, seen from the generated file. */
const mappersOf = (file: string): Record<string, string> =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {}

const settings = {
  federation: true,
  strictScalars: true,
  enumsAsTypes: true,
  useTypeImports: true,
  immutableTypes: true,
  scalars: { ID: 'string', MinorUnits: 'bigint', DateTime: 'Date', _FieldSet: 'string' },
}

const capitalised = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
