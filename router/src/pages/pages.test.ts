import { createHash } from 'node:crypto'
import type { HttpRequest, HttpResponse } from '@pasar/shared/http/server'
import { describe, expect, it } from 'vitest'
import { pages, type PagesOptions } from './pages.ts'

const accounts = [{ role: 'buyer', email: 'budi@pasar.test', password: 'rahasia <b>&' }] as const
const development: PagesOptions = { production: false, accounts, graphqlPath: '/graphql' }
const production: PagesOptions = { ...development, production: true }
const browser = { accept: 'text/html', host: 'localhost:4000' }

async function visit(options: PagesOptions, path: string, headers: Record<string, string> = browser): Promise<HttpResponse> {
  const route = pages(options).find((candidate) => candidate.path === path)
  if (route === undefined) throw new Error(`There is no page at ${path}`)
  const request: HttpRequest = {
    method: 'GET',
    url: path,
    path,
    parameters: {},
    headers,
    body: '',
  }
  return route.handle(request)
}

const api = () => ({ status: 200, body: 'the API' })
const text = async (...visited: Parameters<typeof visit>) => String((await visit(...visited)).body)
const policy = async (...visited: Parameters<typeof visit>) =>
  (await visit(...visited)).headers?.['content-security-policy'] ?? ''

describe('the landing page', () => {
  it('names the playground, the demo accounts, the pages of development and the first things to try', async () => {
    const page = await text(development, '/', { ...browser, 'accept-language': 'en' })
    for (const part of [
      'href="/graphql"',
      'href="/health"',
      'href="/simulators"',
      'href="/simulators/mail"',
      'budi@pasar.test',
      'href="/graphql#01-browse"',
    ]) {
      expect(page).toContain(part)
    }
    expect(page).toContain('Search with filters')
  })

  it('hides accounts, playground and pages of development in production', async () => {
    const page = await text(production, '/')
    for (const part of ['budi@pasar.test', 'rahasia', 'layground', 'href="/graphql', '/simulators'])
      expect(page).not.toContain(part)
    expect(page).toContain('href="/health"')
    expect(page).toContain('http://localhost:4000/graphql')
  })

  it('speaks Indonesian, and English to those who ask for it', async () => {
    const indonesian = await visit(development, '/')
    const english = await visit(development, '/', { ...browser, 'accept-language': 'fr, en;q=0.5' })
    expect(indonesian.headers?.['content-language']).toBe('id')
    expect(indonesian.body).toContain('Akun demo')
    expect(english.headers?.['content-language']).toBe('en')
    expect(english.body).toContain('Demo accounts')
    expect(english.headers?.['vary']).toContain('accept-language')
  })

  it('shows data as text, whatever it holds', async () => {
    expect(await text(development, '/')).toContain('rahasia &lt;b&gt;&amp;')
  })

  it('writes its address as the visitor did, and no address that could be markup or another policy', async () => {
    expect(await text(development, '/', { host: 'pasar.example', 'x-forwarded-proto': 'https' })).toContain(
      'https://pasar.example/graphql',
    )
    expect(await text(development, '/', { host: '"><script>' })).toContain('http://localhost/graphql')
    for (const host of ["x; script-src 'unsafe-inline'", "script-src 'unsafe-inline'; localhost:4000"]) {
      expect(await policy(development, '/graphql', { ...browser, host })).not.toContain('unsafe')
    }
  })

  it('allows its one style sheet by its hash, and nothing else', async () => {
    const page = await text(development, '/')
    const style = /<style>([^]*)<\/style>/.exec(page)?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    expect(await policy(development, '/')).toContain(`style-src 'sha256-${hash}'`)
    expect(await policy(development, '/')).toContain("default-src 'none'")
    expect(page).not.toMatch(/<script|style="|onclick/)
  })
})

describe('the playground', () => {
  it('is shown to browsers at the address of the API, other clients get the API', async () => {
    expect(await text({ ...development, api }, '/graphql')).toContain('id="playground"')
    expect(await text({ ...development, api }, '/graphql', { accept: 'application/json' })).toBe('the API')
    expect(await text({ ...production, api }, '/graphql')).toBe('the API')
  })

  it('tells a client that asks with GET to use POST where the API takes no GET', async () => {
    expect(await visit(development, '/graphql', { accept: '*/*' })).toMatchObject({ status: 405, headers: { allow: 'POST' } })
  })

  it('loads only files of its own, whose names change with their content and which are kept for good', async () => {
    const page = await text(development, '/graphql')
    const loaded = [...page.matchAll(/(?:src|href)="(\/playground\/[^"]+)"/g)].map(([, path]) => path ?? '')
    expect(loaded).toHaveLength(7)
    expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//)
    for (const path of loaded) {
      const { status, headers, body } = await visit(development, path)
      expect(status).toBe(200)
      expect(path).toContain(
        createHash('sha256')
          .update(body ?? '')
          .digest('hex')
          .slice(0, 16),
      )
      expect(headers?.['cache-control']).toContain('immutable')
      expect(headers?.['x-content-type-options']).toBe('nosniff')
    }
  })

  it('runs no inline script and talks to nobody but its own host', async () => {
    const allowed = await policy(development, '/graphql')
    expect(allowed).toContain("script-src 'self';")
    expect(allowed).toContain("connect-src 'self' ws://localhost:4000 wss://localhost:4000")
    expect(allowed).toContain("frame-ancestors 'none'")
    expect(allowed).not.toContain('unsafe')
  })

  it('brings every example as a tab, in a form that cannot end its element', async () => {
    const page = await text(development, '/graphql', { ...browser, 'accept-language': 'en' })
    const settings = /id="settings">([^]*?)<\/script>/.exec(page)?.[1] ?? ''
    expect(settings).not.toContain('<')
    const { graphqlPath, tabs } = JSON.parse(settings) as { graphqlPath: string; tabs: { name: string; title: string }[] }
    expect(graphqlPath).toBe('/graphql')
    expect(tabs[0]).toMatchObject({ name: '01-browse', title: 'Browse' })
    expect(tabs).toContainEqual(expect.objectContaining({ name: '40-tour', title: 'What this market can do' }))
  })

  it('does not exist in production', () => {
    const paths = pages(production).map(({ path }) => path)
    expect(paths.filter((path) => !path.startsWith('/pictures/'))).toEqual(['/', '/graphql'])
  })
})
