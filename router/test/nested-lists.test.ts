import { loadSupergraph } from '@pasar/schema/load'
import { fixedClock } from '@pasar/shared/clock'
import { openLog } from '@pasar/shared/log'
import { readSettings } from '@pasar/shared/process/settings'
import { guest } from '@pasar/shared/identity/viewer'
import {
  buildASTSchema,
  getNamedType,
  getOperationAST,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  parse,
  visit,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql'
import { describe, expect, it } from 'vitest'
import { amountIn } from '../src/cost/amount.ts'
import { listRule } from '../src/cost/cost-rules.ts'
import { pageFields } from '../src/cost/default-weights.ts'
import { operationCost } from '../src/cost/operation-cost.ts'
import { openRouter } from '../src/router.ts'

const sdl = parse(loadSupergraph().full)
const schemaOf = (document: DocumentNode) => buildASTSchema(document, { assumeValidSDL: true, assumeValid: true })
const market = schemaOf(sdl)

interface Step {
  /** A field, or the part of a selection for one member of an abstract type. */
  readonly text: string
  readonly to: GraphQLNamedType
}

function stepsFrom(type: GraphQLNamedType): readonly Step[] {
  if (isAbstractType(type)) return market.getPossibleTypes(type).map((to) => ({ text: `... on ${to.name}`, to }))
  if (!isObjectType(type)) return []
  return Object.values(type.getFields()).map((field) => ({ text: field.name, to: getNamedType(field.type) }))
}

/** The shortest way from a type to another one; undefined when there is none. */
function way(from: GraphQLNamedType, to: GraphQLNamedType): readonly string[] | undefined {
  const ways = new Map<GraphQLNamedType, readonly string[]>([[from, []]])
  for (const [type, steps] of ways) {
    if (type === to) return steps
    for (const next of stepsFrom(type)) if (!ways.has(next.to)) ways.set(next.to, [...steps, next.text])
  }
  return undefined
}

/** Every list without paging that can be nested into itself, with an operation that does it. */
const nested = Object.values(market.getTypeMap())
  .filter(isObjectType)
  .flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) => {
      const element = getNamedType(field.type)
      const rule = listRule(field)
      if (!rule || rule.slicing.length > 0 || pageFields.includes(field.name) || !isCompositeType(element)) return []
      const there = way(market.getQueryType()!, type)
      const back = way(element, type)
      if (!there || !back) return []
      const steps = [...there, field.name, ...back, field.name]
      const query = steps.reduceRight((inner, step) => `{ ${step} ${inner} }`, '{ __typename }')
      return [{ name: `${type.name}.${field.name}`, type: type.name, field, rule, query }]
    }),
  )

function costOf(schema: GraphQLSchema, query: string): number {
  const document = parse(query)
  return amountIn(operationCost(schema, document, getOperationAST(document)!).amount, {})
}

/** The market in which one list is assumed to be as long as it says. */
function assuming(typeName: string, fieldName: string, size: number): GraphQLSchema {
  const listSize: ConstDirectiveNode = {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'listSize' },
    arguments: [
      {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: 'assumedSize' },
        value: { kind: Kind.INT, value: String(size) },
      },
    ],
  }
  const document = visit(sdl, {
    ObjectTypeDefinition: (node) => (node.name.value === typeName ? undefined : false),
    FieldDefinition: (node) => (node.name.value === fieldName ? { ...node, directives: [listSize] } : undefined),
  })
  return schemaOf(document)
}

describe('a list without paging that can be nested into itself', () => {
  it('is there: shops sell products, which have variants, which are of products', () => {
    expect(nested.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Product.variants', 'Variant.components', 'Order.lines']),
    )
  })

  it.each(nested)('says to programs and people how long it is at most: $name', ({ rule, field }) => {
    expect(rule.atMost).toBeGreaterThanOrEqual(rule.assumed)
    expect(field.description).toMatch(new RegExp(`\\b${rule.atMost}\\b`))
  })

  it.each(nested)('costs that much when an operation nests it: $name', ({ type, field, rule, query }) => {
    expect(costOf(market, query)).toBe(costOf(assuming(type, field.name, rule.atMost!), query))
  })

  it('is too expensive after a few levels, before any subgraph hears of it', async () => {
    const router = await openRouter({
      supergraph: loadSupergraph(),
      transports: {},
      signer: { headers: () => Promise.reject(new Error('nobody is asked')) },
      verifyAccessToken: undefined,
      clock: fixedClock(),
      log: openLog('silent', 'router'),
      settings: readSettings({}),
    })
    const query = '{ product(id: "prd_x") { variants { product { variants { product { variants { id } } } } } } }'
    const { data, errors } = await router.execute({ query }, { viewer: guest, locale: 'en', requestId: 'r' })
    expect([data, errors?.[0]?.extensions?.['code']]).toEqual([undefined, 'COST_ESTIMATED_TOO_EXPENSIVE'])
    await router.stop()
  })
})
