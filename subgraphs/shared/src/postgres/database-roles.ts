import type { Domain } from '../domains.ts'

/**
 * Who owns a domain's tables. The ledger's are not its service's own: an owner could give itself any right and take any trigger away. The
 * others' services own theirs.
 */
export const ownerRoleOf = (domain: Domain): string => (domain === 'payments' ? 'payments_owner' : domain)
