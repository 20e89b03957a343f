import { openLog } from '@pasar/shared/log'
import { SettingProblem } from '@pasar/shared/process/setting-problem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openMetrics } from '../src/metrics/metrics.ts'
import { serveMetrics, type ServedMetrics } from '../src/metrics/serve-metrics.ts'
import { startTestMarket } from './support/test-market.ts'

type TestMarket = Awaited<ReturnType<typeof startTestMarket>>

describe('the figures of a router', () => {
  let figures: ServedMetrics
  let market: TestMarket
  beforeAll(async () => {
    figures = (await serveMetrics({ HOST: '127.0.0.1', PORT_METRICS: 0 }, openLog('silent', 'metrics')))!
    market = await startTestMarket({ metrics: figures.metrics })
  })
  afterAll(async () => {
    await market.stop()
    await figures.stop()
  })
  const read = async () => (await fetch(`http://127.0.0.1:${figures.port}/metrics`)).text()

  it('say of each operation how often it ran, how long it took and how it failed', async () => {
    await market.post('query Shelf { products { upc name } }')
    await market.post('query Shelf { products { upc } }')
    await market.post('query Broken { broken }')
    await market.post('{ products { upc } }')
    const text = await read()
    expect(text).toContain('pasar_operation_duration_seconds_count{operation="Shelf",kind="query"} 2')
    expect(text).toContain('pasar_operation_duration_seconds_count{operation="(unnamed)",kind="query"} 1')
    expect(text).toContain('pasar_operation_errors_total{operation="Broken",code="INTERNAL_SERVER_ERROR"} 1')
    expect(text).toMatch(/pasar_fetch_duration_seconds_count\{subgraph="products",failed="false"\} \d/)
    expect(text).toContain('pasar_subgraph_streams 0')
    expect(text).toContain('nodejs_eventloop_lag_seconds')
  })

  it('say what was refused, and why', async () => {
    await market.post('{ nothingOfThisName }')
    await market.post('{ products {')
    const text = await read()
    expect(text).toContain('pasar_operations_refused_total{code="GRAPHQL_VALIDATION_FAILED"} 1')
    expect(text).toContain('pasar_operations_refused_total{code="GRAPHQL_PARSE_FAILED"} 1')
  })

  it('hold no more names than memory allows, whatever clients call their operations', async () => {
    const metrics = openMetrics()
    for (let index = 0; index < 600; index++) metrics.ran({ name: `Op${index}`, kind: 'query', ms: 1 }, {})
    const text = await metrics.text()
    expect(text).toContain('pasar_operation_duration_seconds_count{operation="(others)",kind="query"} 100')
    expect(text).not.toContain('"Op500"')
  })

  it('are not served where another program has the port, which is said in one sentence', async () => {
    const settings = { HOST: '127.0.0.1', PORT_METRICS: figures.port }
    await expect(serveMetrics(settings, openLog('silent', 'metrics'))).rejects.toThrow(
      new SettingProblem(`PORT_METRICS: port ${figures.port} is taken by another program`),
    )
  })

  it('are not served where no port was set', async () => {
    expect(await serveMetrics({ HOST: '127.0.0.1', PORT_METRICS: undefined }, openLog('silent', 'metrics'))).toBeUndefined()
  })
})
