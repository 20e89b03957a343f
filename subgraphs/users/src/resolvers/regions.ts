import { findProvince, findRegency, type District, type Regency } from '@pasar/shared/regions'

/** Fields of regions that lead upwards. */
export const regionResolvers = {
  Regency: { province: ({ provinceCode }: Regency) => findProvince(provinceCode) },
  District: { regency: ({ regencyCode }: District) => findRegency(regencyCode) },
}
