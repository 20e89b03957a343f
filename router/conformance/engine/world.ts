import { isDeepStrictEqual } from 'node:util'
import { getNamedType, getNullableType, isListType, type GraphQLOutputType } from 'graphql'
import { isFailure, isRef, isRow, type Fixture, type Row, type World } from './fixture.ts'

/** Names of the object types that an abstract type stands for. */
export type MembersOf = (type: string) => readonly string[]

/** A world of its own: what changes in it is seen by nobody else. */
export function openWorld({ records = {}, state = {} }: Fixture, membersOf: MembersOf): World {
  const typed = Object.fromEntries(
    Object.entries(records).map(([type, rows]) => [type, rows.map((row): Row => ({ __typename: type, ...row }))]),
  )
  const rows = (type: string): readonly Row[] => {
    const members = new Set([type, ...membersOf(type)])
    return Object.entries(typed).flatMap(([name, of]) => (members.has(name) ? of : []))
  }
  const world: World = {
    rows,
    find: (type, like) => rows(type).find((row) => Object.entries(like).every(([name, value]) => fits(world, row[name], value))),
    state: structuredClone(state) as World['state'],
  }
  return world
}

/** Whether a stored value is what a key or an argument says: ids may come as numbers, parts of an object are enough. */
export function fits(world: World, stored: unknown, wanted: unknown): boolean {
  if (isRef(stored)) return fits(world, world.find(stored.$ref, stored.like), wanted)
  if (Array.isArray(stored) && Array.isArray(wanted))
    return stored.length === wanted.length && stored.every((item, index) => fits(world, item, wanted[index]))
  if (isRow(stored) && isRow(wanted))
    return Object.entries(wanted).every(([name, value]) => name === '__typename' || fits(world, stored[name], value))
  return isDeepStrictEqual(stored, wanted) || (isLeaf(stored) && isLeaf(wanted) && String(stored) === String(wanted))
}

const isLeaf = (value: unknown) => typeof value === 'string' || typeof value === 'number'

/** What a stored value stands for: records in place of references. Throws what is stored as a failure. */
export function resolved(world: World, value: unknown): unknown {
  if (isFailure(value)) throw new Error(value.$fails)
  if (isRef(value)) return world.find(value.$ref, value.like) ?? null
  if (Array.isArray(value))
    return value.map((item: unknown) => (isFailure(item) ? new Error(item.$fails) : resolved(world, item)))
  return value
}

/** What a root field answers that the fixture does not compute: all records, or the one that the arguments name. */
export function rootValue(world: World, { type, list }: { type: string; list: boolean }, args: Row): unknown {
  if (list) return world.rows(type)
  const like = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined))
  return world.find(type, like) ?? null
}

/** What a root field is asked for. */
export const shapeOf = (type: GraphQLOutputType) => ({ type: getNamedType(type).name, list: isListType(getNullableType(type)) })
