import { prefersHtml } from '@pasar/router/pages/accept-html'
import { markup } from '@pasar/router/pages/markup'
import { json, type Route } from '@pasar/shared/http/server'

/** An endpoint of a simulator. */
export interface SimulatorEndpoint {
  readonly method: string
  readonly path: string
  readonly what: string
}

const page = (endpoints: readonly SimulatorEndpoint[]) =>
  markup`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Pasar: simulators</title>
<h1>Simulators</h1>
<p>Stand-ins for what cannot be reached in development. They speak the real protocols over HTTP and SMTP, and are absent in production.</p>
<p>Payments that wait at <a href="/simulators/midtrans">Midtrans</a> and at <a href="/simulators/xendit">Xendit</a> · <a href="/simulators/courier">Parcels</a> · <a href="/simulators/mail">Mails</a> · <a href="/">Start</a></p>
<dl>
${endpoints.map(({ method, path, what }) => markup`<dt><code>${method} ${path}</code></dt><dd>${what}</dd>`)}
</dl>
</html>
`.source

/** What the simulators offer: a page for people, JSON for programs. */
export const indexRoute = (endpoints: readonly SimulatorEndpoint[]): Route => ({
  method: 'GET',
  path: '/simulators',
  handle: ({ headers }) =>
    prefersHtml(headers['accept'])
      ? {
          status: 200,
          headers: {
            'content-type': 'text/html; charset=utf-8',
            'content-security-policy': "default-src 'none'",
            'x-content-type-options': 'nosniff',
          },
          body: page(endpoints),
        }
      : json(200, { endpoints }),
})
