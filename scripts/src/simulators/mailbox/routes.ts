import { json, type HttpResponse, type Route } from '@pasar/shared/http/server'
import { escaped } from '../escaped.ts'
import type { Mails, ReceivedMail } from './mails.ts'

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1f23}
article{border:1px solid #d0d7de;border-radius:8px;padding:1rem;margin:1rem 0}h2{font-size:1.05rem;margin:0}
p{margin:.2rem 0;color:#57606a}pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:.8rem 0 0;font:inherit}`

const article = ({ to, from, subject, text, receivedAt }: ReceivedMail) =>
  `<article><h2>${escaped(subject)}</h2><p>${escaped(from)} → ${escaped(to.join(', '))} · <time>${escaped(receivedAt)}</time></p><pre>${escaped(text)}</pre></article>`

const page = (mails: readonly ReceivedMail[]): HttpResponse => ({
  status: 200,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  },
  body: `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Pasar mail</title>
<style>${style}</style><h1>Mail</h1><p>What the market has sent, newest first. Nothing leaves this machine.</p>
${mails.map(article).join('\n') || '<p>No mail yet.</p>'}</html>`,
})

const sentTo = (mails: readonly ReceivedMail[], address: string | null) =>
  address === null ? mails : mails.filter(({ to }) => to.some((one) => one.toLowerCase() === address.toLowerCase()))

const addressIn = (url: string) => new URL(url, 'http://localhost').searchParams.get('to')

const noStore = { 'cache-control': 'no-store' }

/** The page and the JSON list of the mails. */
export const mailboxRoutes = (mails: Mails): readonly Route[] => [
  { method: 'GET', path: '/simulators/mail', handle: ({ url }) => page(sentTo(mails.all(), addressIn(url))) },
  {
    method: 'GET',
    path: '/simulators/mail/messages',
    handle: ({ url }) => json(200, sentTo(mails.all(), addressIn(url)), noStore),
  },
  {
    method: 'GET',
    path: '/simulators/mail/messages/:id',
    handle: ({ parameters }) => {
      const mail = mails.all().find(({ id }) => String(id) === parameters['id'])
      return mail
        ? json(200, mail, noStore)
        : json(404, { errors: [{ message: 'There is no such mail', extensions: { code: 'NOT_FOUND' } }] })
    },
  },
]
