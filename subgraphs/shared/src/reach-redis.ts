import { createClient } from 'redis'
import { SettingProblem } from './settings.ts'

const versionMin = 7
const answerMs = 5_000

/**
 * Asks Redis once before anything is opened: processes that run wait for theirs to come back, but whoever starts a market wants to hear that
 * its address is wrong.
 */
export async function reachRedis(url: string, say: (line: string) => void): Promise<void> {
  const client = createClient({ url, socket: { reconnectStrategy: false, connectTimeout: answerMs } })
  client.on('error', () => undefined)
  const late = setTimeout(() => client.destroy(), answerMs)
  try {
    await client.connect()
    const facts = new Map((await client.info()).split('\r\n').map((line) => line.split(':') as [string, string]))
    const version = facts.get('redis_version') ?? '0'
    if (Number.parseInt(version, 10) < versionMin)
      throw new SettingProblem(`REDIS_URL: Redis ${versionMin} or newer is needed, this server is version ${version}`)
    const policy = facts.get('maxmemory_policy') ?? 'noeviction'
    if (policy !== 'noeviction')
      say(`Redis may throw events away when its memory is full (maxmemory-policy ${policy}): set it to noeviction.`)
  } catch (error) {
    if (error instanceof SettingProblem) throw error
    throw new SettingProblem(`REDIS_URL: ${reasonOf(error as NodeJS.ErrnoException)}`)
  } finally {
    clearTimeout(late)
    if (client.isOpen) client.destroy()
  }
}

/** Redis' own refusals (NOAUTH, WRONGPASS) name neither user nor password. */
function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ECONNREFUSED') return 'nothing listens there'
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'its host is not known'
  if (/^(NOAUTH|WRONGPASS|NOPERM|ERR)/.test(message)) return `Redis refuses: ${message}`
  return `Redis does not answer within ${answerMs / 1_000} s`
}
