import { loadSubgraphSdl } from '@pasar/schema/load'
import { Kind, type DefinitionNode, type FieldDefinitionNode, type TypeNode } from 'graphql'
import { describe, expect, it } from 'vitest'

/** What makes something new, belongs to no version, or (checkout) has the version under a name of its own. */
const without = [
  'checkout',
  'cancelCheckout',
  'createCart',
  'createCategory',
  'createWarehouse',
  'changeWarehouse',
  'createProduct',
  'takeDownProduct',
  'restoreProduct',
  'cancelFlashSale',
  'createVoucher',
  'submitReview',
  'takeDownReview',
  'restoreReview',
  'takeDownReviewAnswer',
  'restoreReviewAnswer',
  'report',
  'dismissReports',
]

const nameOf = (type: TypeNode): string => (type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type))
const definitions = (['carts', 'orders', 'products'] as const).flatMap((domain) => loadSubgraphSdl(domain).definitions)
const named = (name: string) =>
  definitions.find((one): one is DefinitionNode & { name: { value: string } } => 'name' in one && one.name?.value === name)!

const mutations: readonly FieldDefinitionNode[] = definitions
  .flatMap((one) => (one.kind === Kind.OBJECT_TYPE_DEFINITION && one.name.value === 'Mutation' ? (one.fields ?? []) : []))
  .filter(({ directives }) => !directives?.some(({ name }) => name.value === 'inaccessible'))

describe('a change of a cart, an order or a listing', () => {
  it.each(mutations.filter(({ name }) => !without.includes(name.value)).map((field) => [field.name.value, field] as const))(
    '%s can be bound to the version that its viewer has seen, and says the present one when that is stale',
    (_, field) => {
      const input = named(nameOf(field.arguments![0]!.type))
      const fields = input.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION ? (input.fields ?? []) : []
      const version = fields.find(({ name }) => name.value === 'expectedVersion')
      expect(version?.type).toMatchObject({ kind: Kind.NAMED_TYPE, name: { value: 'Int' } })
      const union = named(nameOf(field.type))
      const members = union.kind === Kind.UNION_TYPE_DEFINITION ? (union.types ?? []).map(({ name }) => name.value) : []
      const stale = members.find((name) => name.startsWith('Stale'))!
      const conflict = named(stale)
      const told = conflict.kind === Kind.OBJECT_TYPE_DEFINITION ? (conflict.fields ?? []).map(({ name }) => name.value) : []
      expect(told).toContain('version')
      const shown = definitions
        .filter((one) => one.kind === Kind.OBJECT_TYPE_DEFINITION && one.name.value === stale.slice('Stale'.length))
        .flatMap((one) => (one.kind === Kind.OBJECT_TYPE_DEFINITION ? (one.fields ?? []) : []))
      expect(shown.find(({ name }) => name.value === 'version')?.type).toMatchObject({ kind: Kind.NON_NULL_TYPE })
    },
  )

  it('is every mutation that is not named here as having none', () => {
    const names = mutations.map(({ name }) => name.value)
    expect(without.filter((name) => !names.includes(name))).toEqual([])
  })
})
