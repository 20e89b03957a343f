import { bomb, entityHops, nestedFilter, signInField, times } from './operations.ts'
import type { OperationRow } from './row.ts'

const limits = ['GRAPHQL_VALIDATION_FAILED']
const cost = ['COST_ESTIMATED_TOO_EXPENSIVE']
const unread = ['GRAPHQL_PARSE_FAILED']
const names = ['__proto__', 'constructor', 'prototype', 'toString']
const conditions = (of: number, index: number) =>
  times(of, (bit) => `a${bit}: __typename @include(if: ${(index >> bit) % 2 === 1})`)

const row = ([id, what]: readonly [string, string], query: string, ...codes: readonly string[]): OperationRow => ({
  id,
  what,
  attack: { query },
  codes,
})

/** Attacks that are one operation each; sent over every way there is. */
export const operationRows: readonly OperationRow[] = [
  ...names.map((name) =>
    row(
      ['T01', `${name} as an alias at each depth`],
      `{ ${name}: products(first: 1) { ${name}: edges { ${name}: node { ${name}: id } } } }`,
    ),
  ),
  ...names.map((name): OperationRow => ({
    id: 'T01',
    what: `${name} as a variable`,
    attack: { query: `query ($${name}: String) { shops(search: $${name}) { edges { cursor } } }`, variables: { [name]: 'x' } },
    codes: [],
  })),
  row(['T03', 'fragments by two, 2^16'], bomb(2, 16), ...limits),
  row(['T03', 'fragments by two, 2^30'], bomb(2, 30), ...limits),
  row(['T03', 'fragments by ten, 10^9'], bomb(10, 9), ...limits),
  row(['T03', 'a fragment in itself'], '{ ...F } fragment F on Query { ...F }', ...limits),
  row(['T04', 'six hops between two subgraphs'], entityHops(3)),
  row(['T04', 'forty hops'], entityHops(20), ...limits),
  row(['T12', '1,000 times the same field'], `{ ${times(1_000, () => '__typename')} }`, ...limits),
  row(['T12', '10,000 times the same field'], `{ ${times(10_000, () => '__typename')} }`, ...unread),
  row(['T12', '150 overlapping fields, three deep'], `{ ${times(150, () => 'products { edges { cursor } }')} }`, ...limits),
  row(['T12', '3,000 overlapping fields, three deep'], `{ ${times(3_000, () => 'products { edges { cursor } }')} }`, ...unread),
  row(
    ['T21', 'a fragment named like introspection'],
    `{ ...__schema } fragment __schema on Query { ${entityHops(20).slice(2, -2)} }`,
    ...limits,
  ),
  row(['T21', 'an operation named like introspection'], `query __schema ${entityHops(20)}`, ...limits),
  row(
    ['T21', 'a fragment again, deeper'],
    `{ ...F shop(id: "x") { ${times(17, () => 'products { edges { node { shop { ')} ...G ${times(17, () => '} } } }')} } } fragment F on Query { shop(id: "y") { ...G } } fragment G on Shop { id }`,
    ...limits,
  ),
  row(
    ['T21', 'aliases in a fragment that is spread twice'],
    `{ ...F ...F a: __typename } fragment F on Query { ${times(16, (index) => `b${index}: __typename`)} }`,
    ...limits,
  ),
  row(
    ['T23', '500 sign-ins'],
    `mutation { ${times(500, (index) => `a${index}: ${signInField('budi@pasar.example')}`)} }`,
    ...unread,
  ),
  row(
    ['T23', '30 sign-ins'],
    `mutation { ${times(30, (index) => `a${index}: ${signInField('budi@pasar.example')}`)} }`,
    ...limits,
  ),
  row(
    ['T23', 'two sign-ins, one in a fragment'],
    `mutation { ${signInField('a@pasar.example')} ...F } fragment F on Mutation { b: ${signInField('b@pasar.example')} }`,
    ...limits,
  ),
  row(['T27', 'first: 99999999'], '{ products(first: 99999999) { edges { node { id } } } }', ...cost),
  row(
    ['T27', 'lists in lists in lists'],
    '{ shops(first: 100) { edges { node { products(first: 100) { edges { node { variants { id } } } } } } } }',
    ...cost,
  ),
  row(['T27', 'first: -1'], '{ products(first: -1) { edges { node { id } } } }', 'BAD_USER_INPUT'),
  row(['T27', 'first: 101'], '{ products(first: 101) { edges { node { id } } } }', 'BAD_USER_INPUT'),
  row(['T27', 'first: 1e400'], '{ products(first: 1e400) { edges { node { id } } } }', ...limits),
  row(
    ['T27', '201 entries in an argument'],
    `{ products(filter: { regencyCodes: [${times(201, () => '"31.73"', ', ')}] }) { edges { cursor } } }`,
    ...limits,
    'BAD_USER_INPUT',
  ),
  row(['T28', 'the whole schema'], '{ __schema { types { name fields { name } } } }', ...limits),
  row(['T28', 'one type'], '{ __type(name: "User") { fields { name } } }', ...limits),
  row(['T28', 'a misspelt name'], '{ produts { edges { cursor } } }', ...limits),
  row(['T28', 'entities from outside'], '{ _entities(representations: []) { __typename } }', ...limits),
  row(['T28', 'a subgraph’s SDL'], '{ _service { sdl } }', ...limits),
  row(['T28', 'an inner mutation'], 'mutation { productsConfirm(input: { checkoutId: "x" }) { __typename } }', ...limits),
  row(['T33', 'a number beyond 32 bits'], '{ products(first: 2147483648) { edges { cursor } } }', ...limits),
  row(['T33', 'an amount below nothing'], '{ paymentMethods(amount: -1) { __typename } }', 'BAD_USER_INPUT'),
  row(['T33', 'an amount beyond every double'], '{ paymentMethods(amount: 1e309) { __typename } }', ...limits),
  row(
    ['T33', 'an amount in fractions'],
    '{ paymentMethods(amount: 0.30000000000000004) { __typename } }',
    ...limits,
    'BAD_USER_INPUT',
  ),
  row(['T33', 'an amount in words'], '{ paymentMethods(amount: "NaN") { __typename } }', ...limits, 'BAD_USER_INPUT'),
  row(
    ['T33', 'an amount beyond 2^53'],
    '{ paymentMethods(amount: 9007199254740993) { __typename } }',
    ...limits,
    'BAD_USER_INPUT',
  ),
  row(['T33', 'values nested 900 deep'], `{ products(filter: ${nestedFilter(900)}) { edges { cursor } } }`, ...unread),
  row(['T33', 'values nested 25 deep'], `{ products(filter: ${nestedFilter(25)}) { edges { cursor } } }`, ...limits),
  row(['T38', '10,000 directives'], `{ __typename ${times(10_000, () => '@include(if: true)')} }`, ...unread),
  row(['T38', '200 directives'], `{ __typename ${times(200, () => '@include(if: true)')} }`, ...limits),
  ...Array.from({ length: 16 }, (_, index) => row(['T38', `conditions in combination ${index}`], `{ ${conditions(10, index)} }`)),
]
