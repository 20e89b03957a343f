import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below what Linux, macOS and Windows give to outgoing connections and to whoever listens on port 0: none of these is taken by chance. */
const portMin = 20_000
const portMax = 29_999
const triesMax = 1_000
const given = new Set<number>()

/**
 * A port of 127.0.0.1 for a process that is told its port before it listens, or that comes back to it: nobody listens there now, and it
 * stays free unless somebody asks for just this one. Never the same twice in a process. Who can listen on port 0 does that instead.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < triesMax; tries++) {
    const port = randomInt(portMin, portMax + 1)
    if (given.has(port) || !(await isFree(port))) continue
    given.add(port)
    return port
  }
  throw new Error(`none of ${triesMax} ports between ${portMin} and ${portMax} is free`)
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1')
  try {
    await once(probe, 'listening')
  } catch {
    return false
  }
  probe.close()
  await once(probe, 'close')
  return true
}
