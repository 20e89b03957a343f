import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { json, type HttpRequest, type HttpResponse, type Route } from '@pasar/shared/http/server'
import { negotiateLocale, type Locale } from '@pasar/shared/locale'
import { prefersHtml } from './accept-html.ts'
import { loadPlaygroundAssets } from './assets.ts'
import { loadExamples, localiseExample, type Example } from './examples.ts'
import { landingPage, type DemoAccount } from './landing.ts'
import { landingStyle } from './landing-style.ts'
import { hashSource, pageHeaders, plainHost } from './page-headers.ts'
import { marketLinks, type PageLink } from './page-links.ts'
import { pictures } from '../pictures/pictures.ts'
import { playgroundPage } from './playground.ts'

export type PagesOptions = {
  readonly production: boolean
  readonly accounts: readonly DemoAccount[]
  readonly graphqlPath: string
  /** Answers GET requests to `graphqlPath` that are not for the playground; without it, they are told to use POST. */
  readonly api?: Route['handle']
  readonly links?: readonly PageLink[]
  readonly examplesFolder?: string
}

/** A page, and what its policy allows beyond nothing. */
type Page = (request: HttpRequest, locale: Locale) => { readonly body: string; readonly sources: readonly string[] }

export const marketExamples = fileURLToPath(new URL('../examples', import.meta.url))

/** The router's pages for people. In production there is the landing page without its hints for developers, and no playground. */
export function pages(options: PagesOptions): Route[] {
  const { production, graphqlPath, api = usePost } = options
  if (production) return [get('/', landing(options, [])), get(graphqlPath, api), ...pictures()]
  const examples = loadExamples(options.examplesFolder ?? marketExamples)
  const assets = loadPlaygroundAssets()
  const playground = respond((request, locale) => {
    const styleNonce = randomBytes(16).toString('base64')
    const body = playgroundPage({ locale, graphqlPath, styleNonce, tabs: localise(examples, locale), assets })
    return { body, sources: playgroundSources(request, styleNonce) }
  })
  return [
    get('/', landing(options, examples)),
    get(graphqlPath, (request) => (prefersHtml(request.headers['accept']) ? playground(request) : api(request))),
    ...assets.routes,
    ...pictures(),
  ]
}

const get = (path: string, handle: Route['handle']): Route => ({ method: 'GET', path, handle })

const usePost = () => {
  const problem = { message: 'Send operations with POST', extensions: { code: 'BAD_REQUEST' } }
  return json(405, { errors: [problem] }, { allow: 'POST', vary: 'accept' })
}

function landing(options: PagesOptions, examples: readonly Example[]): Route['handle'] {
  const { production, accounts, graphqlPath, links = marketLinks } = options
  const sources = [`style-src ${hashSource(landingStyle)}`, 'img-src data:']
  return respond((request, locale) => {
    const graphqlUrl = origin(request) + graphqlPath
    const view = { locale, production, accounts, graphqlPath, links, graphqlUrl, examples: localise(examples, locale) }
    return { body: landingPage(view), sources }
  })
}

function respond(page: Page): (request: HttpRequest) => HttpResponse {
  return (request) => {
    const locale = negotiateLocale(request.headers['accept-language'])
    const { body, sources } = page(request, locale)
    return { status: 200, headers: pageHeaders(locale, sources), body }
  }
}

/** Older Safari does not count a WebSocket to the page's own host as 'self', so the host is named. */
function playgroundSources({ headers }: HttpRequest, styleNonce: string): string[] {
  const host = plainHost(headers['host'])
  const sockets = host === undefined ? '' : ` ws://${host} wss://${host}`
  const styles = `style-src 'self' 'nonce-${styleNonce}'`
  return ["script-src 'self'", styles, "img-src 'self' data:", "font-src 'self' data:", `connect-src 'self'${sockets}`]
}

/** The address as the visitor wrote it, which is only shown to them. */
function origin({ headers }: HttpRequest): string {
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'
  return `${scheme}://${plainHost(headers['host']) ?? 'localhost'}`
}

const localise = (examples: readonly Example[], locale: Locale) => examples.map((example) => localiseExample(example, locale))
