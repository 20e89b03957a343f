import { BadInput } from '@pasar/shared/problems'

/** A yes or no in a JSON body; what is absent is a no. */
export function flag(value: unknown, field: string): boolean {
  if (value === undefined || typeof value === 'boolean') return value === true
  throw new BadInput(field, { id: 'true atau false', en: 'true or false' })
}
