import { BadInput } from '@pasar/shared/problems'

/** Roles that an admin gives; a seller is whoever owns a shop. */
const staffRoles = ['support', 'admin'] as const

/** One of them. */
export type StaffRole = (typeof staffRoles)[number]

/** Everything that an account may be, as its access token says it. */
export const rolesOf = (roles: readonly string[], shops: number): ('seller' | StaffRole)[] => [
  ...(shops > 0 ? (['seller'] as const) : []),
  ...staffRoles.filter((role) => roles.includes(role)),
]

/** The same as the graph names them. */
export const roleNamesOf = (roles: readonly string[], shops: number) =>
  rolesOf(roles, shops).map((role) => role.toUpperCase() as Uppercase<typeof role>)

/** A role of staff, from the graph's name of it; throws BadInput for SELLER, which is not given by hand. */
export function parseStaffRole(role: string): StaffRole {
  const found = staffRoles.find((known) => known.toUpperCase() === role)
  if (!found)
    throw new BadInput('role', {
      id: 'SUPPORT atau ADMIN: penjual adalah siapa pun yang membuka toko',
      en: 'SUPPORT or ADMIN: a seller is whoever opens a shop',
    })
  return found
}
