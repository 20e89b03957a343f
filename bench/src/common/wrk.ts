import { execFile, execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { pinned } from './cores.ts'
import { requestsOf, type LoadResult, type LoadSpec } from './load.ts'

/** Whether wrk is installed. */
export function hasWrk(): boolean {
  try {
    execFileSync('wrk', ['-v'], { stdio: 'ignore' })
    return true
  } catch (error) {
    // It answers its version with exit code 1.
    return (error as NodeJS.ErrnoException).code !== 'ENOENT'
  }
}

/** Runs a load with wrk, one thread. */
export async function runWrk(spec: LoadSpec, folder: string, core: string | undefined): Promise<LoadResult> {
  const script = join(folder, 'load.lua')
  writeFileSync(script, luaOf(spec))
  const url = `http://127.0.0.1:${spec.port}${spec.path}`
  const command = ['wrk', '-t1', `-c${spec.connections}`, `-d${spec.seconds}s`, '--timeout', '10s', '-s', script, url]
  const [file, ...args] = pinned(core, command)
  const { stdout } = await promisify(execFile)(file!, args)
  const line = stdout.split('\n').find((each) => each.startsWith('{"requests"'))
  if (line === undefined) throw new Error(`wrk said nothing that can be read:\n${stdout}`)
  return JSON.parse(line) as LoadResult
}

const longString = (text: string) => `[==[${text}]==]`
const list = (texts: readonly string[]) => `{ ${texts.join(', ')} }`

/** Requests are made before the first is sent. */
const luaOf = (spec: LoadSpec) => `
local bodies = ${list(spec.bodies.map(longString))}
local viewers = ${list(spec.authorizations.map(longString))}
local pairs_ = ${list(requestsOf(spec).map(([body, viewer]) => `{${body + 1},${viewer + 1}}`))}
local requests, at = {}, 0
function init()
  for i, pair in ipairs(pairs_) do
    local headers = { ["content-type"] = "application/json", ["accept"] = "application/json", ["authorization"] = viewers[pair[2]] }
    ${Object.entries(spec.headers ?? {})
      .map(([name, value]) => `headers["${name}"] = ${longString(value)}`)
      .join('\n    ')}
    if headers["authorization"] == "" then headers["authorization"] = nil end
    requests[i] = wrk.format("POST", "${spec.path}", headers, bodies[pair[1]])
  end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format('{"requests":%d,"seconds":%f,"errors":%d,"p50":%f,"p95":%f,"p99":%f}\\n', summary.requests,
    summary.duration / 1e6, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3))
end
`
