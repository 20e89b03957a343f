import { findProvince, findRegency } from '@pasar/shared/regions'
import type { Resolvers } from '../generated/resolvers.ts'

/** Fields of regions that lead upwards. */
export const regionResolvers = {
  Regency: { province: ({ provinceCode }) => findProvince(provinceCode)! },
  District: { regency: ({ regencyCode }) => findRegency(regencyCode)! },
} satisfies Resolvers
