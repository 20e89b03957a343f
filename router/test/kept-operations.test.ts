import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

/** A router as a process of its own, which says how many MB it holds of operations as dense as they can be, of which it has seen more than it keeps. */
const acceptMuch = `
  import '@pasar/router/lean-memory'
  import { loadSupergraph } from '@pasar/schema/load'
  import { openStandalone } from '@pasar/router/standalone'
  import { routerLimits } from '@pasar/router/safety/limits'
  import { openLog } from '@pasar/shared/log'
  import { guest } from '@pasar/shared/identity/viewer'
  const log = openLog('silent', 'router')
  const { router, stop } = await openStandalone({ supergraph: loadSupergraph().gateway, host: '127.0.0.1', port: 0, log })
  const nodes = [...'abcdefghijklmnopqrst'].map((name) => name + ':node{' + 'id '.repeat(92) + '}').join('')
  const accept = async (n) => {
    const query = 'query q' + n + '{products(first:1)@include(if:false){edges{' + nodes + '}}}'
    const { errors } = await router.execute({ query }, { viewer: guest, locale: 'id', requestId: String(n) })
    if (errors) throw new Error(errors[0].message)
    return query.length
  }
  const held = () => (gc(), process.memoryUsage().heapUsed)
  await accept(0)
  const before = held()
  for (let n = 1, characters = 0; characters < 1.2 * routerLimits.preparedCharactersMax; n += 1) characters += await accept(n)
  console.log(Math.round((held() - before) / 1_000_000))
  await stop()`

it('what a router keeps of accepted operations fits into the memory that its bound speaks of', async () => {
  const args = ['--expose-gc', '--import', 'tsx', '--input-type=module', '--eval', acceptMuch]
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  const heldMb = await text(child.stdout)
  expect(heldMb).toMatch(/^\d+\n$/)
  expect(Number(heldMb)).toBeLessThan(75)
}, 60_000)
