import { createClient } from 'redis'
import { SettingProblem } from '../process/setting-problem.ts'

const versionMin = 7
const answerMs = 5_000

/**
 * Asks Redis once before anything is opened: processes that run wait for theirs to come back, but whoever starts a market wants to hear that
 * its address is wrong.
 */
export async function reachRedis(url: string, say: (line: string) => void): Promise<void> {
  const client = createClient({ url, socket: { reconnectStrategy: false, connectTimeout: answerMs } })
  client.on('error', () => undefined)
  let isLate = false
  const late = setTimeout(() => {
    isLate = true
    client.destroy()
  }, answerMs)
  try {
    await client.connect()
    const info = await client.info().catch(refusedToSay(say))
    const facts = new Map(info.split('\r\n').map((line) => line.split(':') as [string, string]))
    const version = facts.get('redis_version') ?? `${versionMin}`
    if (Number.parseInt(version, 10) < versionMin)
      throw new SettingProblem(`REDIS_URL: Redis ${versionMin} or newer is needed, this server is version ${version}`)
    const policy = facts.get('maxmemory_policy') ?? 'noeviction'
    if (policy !== 'noeviction')
      say(`Redis may throw events away when its memory is full (maxmemory-policy ${policy}): set it to noeviction.`)
  } catch (error) {
    if (error instanceof SettingProblem) throw error
    const slow = `Redis does not answer within ${answerMs / 1_000} s`
    throw new SettingProblem(`REDIS_URL: ${isLate ? slow : reasonOf(error as NodeJS.ErrnoException)}`)
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
  return `it cannot be reached (${code ?? message})`
}

/** Who may use a Redis need not be allowed to look at it. */
const refusedToSay = (say: (line: string) => void) => (error: Error) => {
  if (!error.message.startsWith('NOPERM')) throw error
  say('Redis does not say its version nor its maxmemory-policy to this user: 7 or newer is needed, and noeviction.')
  return ''
}
