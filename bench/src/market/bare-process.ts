import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import pg from 'pg'

// The yardstick: what a request costs that asks PostgreSQL for a constant, and nothing else.
process.once('message', ({ url }: { readonly url: string }) => {
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  const server = createServer((_, response) => {
    pool.query('SELECT 1').then(
      ({ rows }) => {
        response.setHeader('content-type', 'application/json')
        response.end(JSON.stringify(rows))
      },
      () => {
        response.statusCode = 500
        response.end()
      },
    )
  })
  server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }))
})
process.on('disconnect', () => process.exit(0))
