import { systemClock } from '@pasar/shared/clock'
import { newId } from '@pasar/shared/ids'
import { guest, type Viewer } from '@pasar/shared/identity/viewer'
import { openAccessTokens } from '@pasar/users/access-tokens'
import { buyer, ownerId, shopId } from '../market/plan.ts'
import type { MarketEnvironment } from './market-settings.ts'
import { viewerText } from './viewer-header.ts'

/** Who asks. */
export type ViewerName = 'guest' | 'buyer' | 'seller'

/** What a client sends for somebody: a token for our router, and the words that the others hand on. */
export interface Credentials {
  readonly authorization: string
  readonly viewer: string
}

/** Credentials of everybody; tokens live for ten minutes. */
export async function openViewers({
  ACCESS_TOKEN_KEY: key,
}: MarketEnvironment): Promise<Readonly<Record<ViewerName, Credentials>>> {
  const tokens = await openAccessTokens(key!, systemClock)
  const accountOf = async (of: Omit<Viewer & { kind: 'account' }, 'kind' | 'sessionId'>): Promise<Credentials> => {
    const account = { ...of, sessionId: newId('session') }
    const { token } = await tokens.issue(account)
    return { authorization: `Bearer ${token}`, viewer: viewerText({ kind: 'account', ...account }) }
  }
  return {
    guest: { authorization: '', viewer: viewerText(guest) },
    buyer: await accountOf({ accountId: buyer.id, roles: [], shopIds: [] }),
    seller: await accountOf({ accountId: ownerId(0), roles: ['seller'], shopIds: [shopId(0)] }),
  }
}
