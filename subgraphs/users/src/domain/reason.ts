import { limits } from '@pasar/shared/limits'
import { parseText } from './text.ts'

/** Why staff does something: short, but there. */
export const parseReason = (raw: string): string => parseText(raw, { field: 'reason', min: 3, max: limits.reasonCharactersMax })
