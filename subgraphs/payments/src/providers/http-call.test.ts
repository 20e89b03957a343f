import { json, serve } from '@pasar/shared/http/server'
import { openLog } from '@pasar/shared/log'
import { expect, it } from 'vitest'
import { openProviderHttp } from './http-call.ts'
import { NotTaken } from './provider.ts'

async function failureAt(port: number): Promise<unknown> {
  const provider = openProviderHttp('key')
  const request = { method: 'POST', url: `http://127.0.0.1:${port}/payouts`, body: {} } as const
  const failure = await provider.send(request).catch((error: unknown) => error)
  await provider.stop()
  return failure
}

it('a provider that was not reached has taken nothing, and one whose answer means nothing may have', async () => {
  const routes = [{ method: 'POST', path: '/payouts', handle: () => ({ ...json(200, {}), body: 'no JSON' }) }] as const
  const http = await serve(routes, { host: '127.0.0.1', port: 0, log: openLog('silent', 'test') })
  expect(await failureAt(http.port)).not.toBeInstanceOf(NotTaken)
  await http.stop()
  expect(await failureAt(http.port)).toBeInstanceOf(NotTaken)
})
