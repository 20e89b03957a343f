import { buildSchema, findBreakingChanges } from 'graphql'
import { apiOf } from './strip.ts'

/** What clients of the supergraph before would miss or be refused in the one after; nothing when every operation goes on working. */
export const breakingChanges = (before: string, after: string): string[] =>
  findBreakingChanges(buildSchema(apiOf(before)), buildSchema(apiOf(after))).map(({ description }) => `- ${description}`)
