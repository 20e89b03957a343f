import { buildSchema, execute, graphql, GraphQLError, parse } from 'graphql'
import { describe, expect, it } from 'vitest'
import { wholeNumber } from '../expectations.ts'
import type { Locale } from '../locale.ts'
import { openLog } from '../log.ts'
import { maskErrors } from './mask.ts'
import { BadInput, CodedError, Conflict, internalError, NotSignedIn, Unavailable } from '../problems.ts'
import { commonResolvers } from './scalars.ts'
import { graphqlError, toldError } from './told.ts'

const log = openLog('silent', 'test')
const schema = buildSchema('scalar MinorUnits type Query { stall: String pay(amount: MinorUnits): String }')
Object.assign(schema.getType('MinorUnits')!, {
  parseValue: commonResolvers.MinorUnits.parseValue.bind(commonResolvers.MinorUnits),
})

/** What a client reads when a resolver throws. */
async function answer(thrown: Error, locale: Locale) {
  const rootValue = { stall: () => Promise.reject(thrown) }
  const { errors = [] } = await execute({ schema, document: parse('{ stall }'), rootValue })
  const formatted = errors.map((error) => error.toJSON())
  return maskErrors(formatted, errors, { log, requestId: 'r-1', locale })[0]
}

describe('a failure that a client is told of', () => {
  it.each([
    ['id', 'first: diharapkan bilangan bulat dari 1 sampai 100', 'bilangan bulat dari 1 sampai 100'],
    ['en', 'first: expected a whole number from 1 to 100', 'a whole number from 1 to 100'],
  ] as const)('says in %s what was expected, under the same code and field', async (locale, message, expected) => {
    const told = await answer(new BadInput('first', wholeNumber(1, 100)), locale)
    expect(told).toMatchObject({ message, path: ['stall'], extensions: { code: 'BAD_USER_INPUT', field: 'first', expected } })
  })

  it.each([
    ['id', new NotSignedIn(), 'Masuk dulu'],
    ['en', new NotSignedIn(), 'Sign in first'],
    ['id', new Conflict({ id: 'Pesanan sudah berubah', en: 'The order changed' }), 'Pesanan sudah berubah'],
    ['en', new Conflict({ id: 'Pesanan sudah berubah', en: 'The order changed' }), 'The order changed'],
    ['id', new Unavailable('orders'), 'Bagian pasar ini sedang tidak menjawab'],
    ['en', new Unavailable('orders'), 'A part of the market does not answer right now'],
    ['id', Object.assign(new Error('no way to postgres'), { code: 'ECONNREFUSED' }), 'Bagian pasar ini sedang tidak menjawab'],
    ['en', new Error('read', { cause: { originalCode: '57P01' } }), 'A part of the market does not answer right now'],
    ['en', new Error('Connection terminated unexpectedly'), 'A part of the market does not answer right now'],
    ['en', Object.assign(new Error('disk full'), { code: '53100' }), 'A part of the market does not answer right now'],
    ['en', Object.assign(new Error('too many clients'), { code: '53300' }), 'A part of the market does not answer right now'],
    ['id', new Error('insert', { cause: { originalCode: '25006' } }), 'Bagian pasar ini sedang tidak menjawab'],
    ['id', new Error('ECONNREFUSED'), 'Terjadi kesalahan di pihak kami'],
    ['en', new Error('ECONNREFUSED'), 'Internal server error'],
  ] as const)('is told in %s: %s', async (locale, thrown, message) => {
    const told = await answer(thrown, locale)
    expect(told?.message).toBe(message)
    expect(JSON.stringify(told)).not.toMatch(/orders|ECONNREFUSED/)
  })

  it('is English in the log, with the name of the part that people are not told', () => {
    expect(new BadInput('first', wholeNumber(1, 100)).message).toBe('first: expected a whole number from 1 to 100')
    expect(new Unavailable('orders').message).toBe('orders does not answer right now')
  })

  it('is logged once, however many fields it takes along', async () => {
    const lines: object[] = []
    const failures = [new Error('lost'), new Error('lost'), new NotSignedIn()]
    const errors = [0, 0, 0, 1, 2].map(
      (which, row) => new GraphQLError('lost', { path: ['rows', row], originalError: failures[which]! }),
    )
    const formatted = errors.map((error) => error.toJSON())
    const noting = { ...log, error: (details: object) => void lines.push(details) }
    const told = maskErrors(formatted, errors, { log: noting, requestId: 'r-1', locale: 'en' })
    expect(told.map(({ path }) => path?.[1])).toEqual([0, 1, 2, 3, 4])
    expect(lines).toMatchObject([{ path: ['rows', 0] }, { path: ['rows', 3] }])
  })

  it('keeps facts for programs as they are', () => {
    const error = new CodedError('RATE_LIMITED', { id: 'Terlalu banyak', en: 'Too many' }, { limit: 'aliases', max: 30 })
    const extensions = { code: 'RATE_LIMITED', limit: 'aliases', max: 30 }
    expect(error.told('id')).toEqual({ message: 'Terlalu banyak', extensions })
    expect(error.told('en')).toEqual({ message: 'Too many', extensions })
  })

  it('is found however deep it is carried', () => {
    const carried = graphqlError(internalError(), { path: ['stall'] })
    const again = new GraphQLError(carried.message, { originalError: carried })
    expect(toldError(again, 'id').message).toBe('Terjadi kesalahan di pihak kami')
  })
})

it('what graphql-js finds wrong with an operation stays English, whatever it is about', async () => {
  const source = 'query ($amount: MinorUnits) { pay(amount: $amount) }'
  const { errors } = await graphql({ schema, source, variableValues: { amount: 'seribu' } })
  const told = toldError(errors![0]!, 'id')
  expect(told.message).toMatch(/^Variable "\$amount" got invalid value "seribu".*MinorUnits: expected a whole number/)
  expect(told.extensions).toMatchObject({ expected: 'a whole number of at most 2^53 - 1' })
})
