import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixedClock } from '@pasar/shared/clock'
import { openLog } from '@pasar/shared/log'
import { createTransport } from 'nodemailer'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openMailboxSimulator, type MailboxSimulator } from './mailbox.ts'

const log = openLog('silent', 'mailbox')
let folder: string
let mailbox: MailboxSimulator
const open = () => openMailboxSimulator({ folder, clock: fixedClock(), log })

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pasar-mailbox-'))
  mailbox = await open()
})
afterEach(async () => {
  await mailbox.stop()
  rmSync(folder, { recursive: true })
})

const send = async (mail: { to: string; subject: string; text: string }) => {
  const transport = createTransport({ url: mailbox.smtpUrl })
  await transport.sendMail({ from: 'Pasar <no-reply@pasar.example>', ...mail })
  transport.close()
}
const get = async (url: string) => {
  const path = url.split('?', 1)[0]!
  const route = mailbox.routes.find((one) => one.path === path || (one.path.endsWith(':id') && /\/messages\/\d+$/.test(path)))!
  const parameters = { id: path.split('/').at(-1)! }
  const answer = await route.handle({
    method: 'GET',
    url,
    path,
    parameters,
    headers: {},
    body: '',
  })
  return { ...answer, body: String(answer.body) }
}
const list = async (query = '') => JSON.parse((await get(`/simulators/mail/messages${query}`)).body) as Record<string, unknown>[]

it('keeps what comes over SMTP for people and programs to read, newest first', async () => {
  await send({ to: 'budi@example.com', subject: 'Atur ulang kata sandi — Pasar', text: 'Halo Budi,\n\ntoken-satu\n' })
  await send({ to: 'siti@example.com', subject: 'Kedua', text: 'Halo Siti' })
  expect((await list()).map(({ subject }) => subject)).toEqual(['Kedua', 'Atur ulang kata sandi — Pasar'])
  const [mail] = await list('?to=BUDI@example.com')
  expect(mail).toEqual({
    id: 1,
    to: ['budi@example.com'],
    from: 'no-reply@pasar.example',
    subject: 'Atur ulang kata sandi — Pasar',
    text: expect.stringContaining('token-satu'),
    receivedAt: '2026-11-18T05:00:00.000Z',
  })
  expect((await get('/simulators/mail')).body).toContain('token-satu')
  expect(JSON.parse((await get('/simulators/mail/messages/2')).body)).toMatchObject({ subject: 'Kedua' })
  expect(await get('/simulators/mail/messages/9')).toMatchObject({ status: 404 })
})

it('shows a mail as text, whatever is written in it', async () => {
  await send({ to: 'budi@example.com', subject: '<script>alert(1)</script>', text: '<img src=x onerror=alert(1)>' })
  const { body, headers } = await get('/simulators/mail')
  expect(body).not.toMatch(/<script|<img/)
  expect(headers?.['content-security-policy']).toContain("default-src 'none'")
})

it('forgets nothing over a restart, and keeps no more than the last two hundred', async () => {
  for (let n = 1; n <= 3; n++) await send({ to: 'budi@example.com', subject: `Ke-${n}`, text: 'x' })
  await mailbox.stop()
  mailbox = await open()
  await send({ to: 'budi@example.com', subject: 'Ke-4', text: 'x' })
  expect((await list()).map(({ id }) => id)).toEqual([4, 3, 2, 1])
  const { rememberMails } = await import('./mailbox/mails.ts')
  const mails = rememberMails(join(folder, 'other'))
  for (let n = 0; n < 205; n++) mails.add({ to: [], from: '', subject: `${n}`, text: '', receivedAt: '' })
  expect(mails.all()).toHaveLength(200)
  expect(mails.all()[0]).toMatchObject({ id: 205, subject: '204' })
})

it('does not take a mail that is too large', async () => {
  await expect(send({ to: 'budi@example.com', subject: 'Besar', text: 'x'.repeat(2_000_000) })).rejects.toThrow(/552|exceeds/)
  expect(await list()).toEqual([])
})
