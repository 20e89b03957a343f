import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

/** A router as a process of its own, which says by how many MB its old memory has grown while it refused 200 operations. */
const refuseMuch = `
  import '@pasar/router/lean-memory'
  import { loadSupergraph } from '@pasar/schema/load'
  import { openStandalone } from '@pasar/router/standalone'
  import { openLog } from '@pasar/shared/log'
  import { guest } from '@pasar/shared/identity/viewer'
  import { getHeapSpaceStatistics } from 'node:v8'
  const log = openLog('silent', 'router')
  const { router, stop } = await openStandalone({ supergraph: loadSupergraph().gateway, host: '127.0.0.1', port: 0, log })
  const query = '{ __typename ' + '@skip(if: false) '.repeat(400) + '}'
  const refuse = async (times) => {
    for (let n = 0; n < times; n += 1) await router.execute({ query }, { viewer: guest, locale: 'id', requestId: String(n) })
  }
  const old = () =>
    getHeapSpaceStatistics()
      .filter(({ space_name: name }) => !name.startsWith('new_'))
      .reduce((sum, space) => sum + space.space_used_size, 0)
  await refuse(50)
  gc()
  const before = old()
  await refuse(200)
  console.log(Math.round((old() - before) / 1_000_000))
  await stop()`

it('what a router refuses is gone with what is young, and fills no old memory', async () => {
  const args = ['--expose-gc', '--import', 'tsx', '--input-type=module', '--eval', refuseMuch]
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
  const grownMb = await text(child.stdout)
  expect(grownMb).toMatch(/^-?\d+\n$/)
  expect(Number(grownMb)).toBeLessThan(15)
})
