import { fileURLToPath } from 'node:url'
import { existsSync } from 'node:fs'
import { loadSupergraph } from '@pasar/schema/load'
import { buildSchema, parse, validate } from 'graphql'
import { expect, it } from 'vitest'
import { apiOf } from '../compose/strip.ts'
import * as orders from './order-operations.ts'
import * as shopping from './shopping-operations.ts'

const composed = existsSync(fileURLToPath(new URL('../../../schema/supergraph.graphql', import.meta.url)))

it.runIf(composed)('the demo asks only what the public graph offers', () => {
  const schema = buildSchema(apiOf(loadSupergraph().full))
  const problems = Object.entries({ ...orders, ...shopping }).flatMap(([name, operation]) =>
    validate(schema, parse(operation)).map(({ message }) => `${name}: ${message}`),
  )
  expect(problems).toEqual([])
})
