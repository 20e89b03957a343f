import type { Listener } from '@pasar/shared/subgraph/open-subgraph'
import type { UsersDeps } from './context.ts'
import { noticed, noticeOf } from './domain/notices.ts'
import { tellOf } from './store/notifications.ts'

const consumer = 'users notifications'

/** Tells people what happens to their orders and shops. Who follows is woken; who is not, because the bus is away, looks by themself. */
export const openNotifier = (deps: Pick<UsersDeps, 'send' | 'clock' | 'bus'>): Listener => ({
  name: 'notifications',
  types: noticed,
  handle: async (event) => {
    const notice = noticeOf(event)
    if (!notice) return
    const { id, occurredAt } = event
    const eventId = notice.once ?? id
    const told = await tellOf(deps.send, { ...notice, consumer, eventId, occurredAt, at: deps.clock.now() })
    if (told.length > 0) await deps.bus.wake('users', told).catch(() => undefined)
  },
})
