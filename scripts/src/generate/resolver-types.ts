import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from '@graphql-codegen/cli'
import { subgraphSdlText } from '@pasar/schema/load'
import { domains } from '@pasar/shared/domains'
import { root } from '../paths.ts'
import { sourcesOf } from './sources.ts'

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
    mappers: sourcesOf(schema, join(folder, domain, 'mappers.json')),
  },
})

const settings = {
  federation: true,
  strictScalars: true,
  enumsAsTypes: true,
  useTypeImports: true,
  immutableTypes: true,
  // The scalars take both when they answer: an event has its times and amounts as JSON.
  scalars: {
    ID: 'string',
    MinorUnits: { input: 'bigint', output: 'bigint | number' },
    DateTime: { input: 'Date', output: 'Date | string' },
    _FieldSet: 'string',
  },
  maybeValue: 'T | null | undefined',
  inputMaybeValue: 'T | null',
  avoidOptionals: { defaultValue: true },
  rootValueType: 'object',
  makeResolverTypeCallable: true,
  // Members of unions and interfaces say themselves which they are.
  optionalResolveType: true,
  resolversNonOptionalTypename: true,
  // Those with `{T}` are taken for unused.
  showUnusedMappers: false,
}

const capitalised = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
