import { readdirSync } from 'node:fs'
import { printSchema, Supergraph } from '@apollo/federation-internals'
import { loadSupergraph } from '@pasar/schema/load'
import { buildSchema, Kind, parse, validate, type OperationDefinitionNode } from 'graphql'
import { describe, expect, it } from 'vitest'
import { loadExamples, localiseExample } from './examples.ts'
import { marketExamples } from './pages.ts'

const examples = loadExamples(marketExamples)

/** What clients see: through its text, because the federation library holds another copy of graphql-js than the tests do. */
const publicSchema = () =>
  buildSchema(printSchema(Supergraph.build(loadSupergraph().full, { supportedFeatures: null }).apiSchema()))

const operations = (query: string) =>
  parse(query).definitions.filter((node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION)

describe.each(examples.map((example) => [example.name, example] as const))('the example %s', (_, example) => {
  it('is one operation with a name, which becomes the name of its tab', () => {
    expect(operations(example.query).map(({ name }) => name?.value)).toEqual([expect.stringMatching(/^[A-Z]\w+$/)])
  })

  it('has a title in Indonesian and one in English', () => {
    const [indonesian, english] = (['id', 'en'] as const).map((locale) => localiseExample(example, locale).title)
    expect(indonesian).not.toBe(example.name)
    expect(english).not.toBe(example.name)
    expect(indonesian).not.toBe(english)
  })

  it('brings a value for each variable that needs one, and none that it does not declare', () => {
    const declared = operations(example.query).flatMap(({ variableDefinitions }) => variableDefinitions ?? [])
    const needed = declared.filter(({ type, defaultValue }) => type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined)
    const given = Object.keys(JSON.parse(example.variables || '{}') as object)
    const names = (nodes: typeof declared) => nodes.map(({ variable }) => variable.name.value)
    expect(given).toEqual(expect.arrayContaining(names(needed)))
    expect(names(declared)).toEqual(expect.arrayContaining(given))
  })
})

it('no two examples share an operation name, and no variables lie without their operation', () => {
  const names = examples.flatMap(({ query }) => operations(query).map(({ name }) => name?.value))
  expect(new Set(names).size).toBe(names.length)
  const orphans = readdirSync(marketExamples).filter(
    (file) => !examples.some(({ name }) => file === `${name}.graphql` || file === `${name}.json`),
  )
  expect(orphans).toEqual([])
})

it('every example is valid in the market’s public graph', () => {
  const schema = publicSchema()
  const problems = examples.flatMap(({ name, query }) =>
    validate(schema, parse(query)).map(({ message }) => `${name}: ${message}`),
  )
  expect(problems).toEqual([])
})
