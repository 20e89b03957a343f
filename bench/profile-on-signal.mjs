// Loaded before a program that is measured: SIGUSR2 starts a profile, the next one writes it to BENCH_PROFILE.
import { writeFileSync } from 'node:fs'
import { Session } from 'node:inspector'
import { findSourceMap } from 'node:module'
import { isMainThread } from 'node:worker_threads'

/** Names the place in the source, not in what the loader made of it. */
function atSource(node) {
  const { url, lineNumber, columnNumber, functionName } = node.callFrame
  const entry = url.startsWith('file:') ? findSourceMap(url)?.findEntry(lineNumber, columnNumber) : undefined
  return { ...node, callFrame: { functionName, url, lineNumber: entry?.originalLine ?? lineNumber } }
}

function write(error, result) {
  if (error) throw error
  const { profile } = result
  writeFileSync(process.env.BENCH_PROFILE, JSON.stringify({ ...profile, nodes: profile.nodes.map(atSource) }))
}

if (isMainThread && process.env.BENCH_PROFILE) {
  const session = new Session()
  let running = false
  session.connect()
  session.post('Profiler.enable')
  process.on('SIGUSR2', () => {
    running = !running
    if (running) session.post('Profiler.start')
    else session.post('Profiler.stop', write)
  })
}
