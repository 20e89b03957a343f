import { fileURLToPath } from 'node:url'
import { negotiateLocale, type Locale } from '@pasar/shared/locale'
import { loadPlaygroundAssets } from './assets.ts'
import { loadExamples, localiseExample, type Example } from './examples.ts'
import { landingPage, type DemoAccount } from './landing.ts'
import { landingStyle } from './landing-style.ts'
import { hashSource, pageHeaders, plainHost } from './page-headers.ts'
import { marketLinks, type PageLink } from './page-links.ts'
import { playgroundPage } from './playground.ts'
import type { Route, RouteRequest } from './route.ts'

export type PagesOptions = {
  readonly production: boolean
  readonly accounts: readonly DemoAccount[]
  readonly graphqlPath: string
  readonly links?: readonly PageLink[]
  readonly examplesFolder?: string
}

export const marketExamples = fileURLToPath(new URL('../examples', import.meta.url))

/**
 * The router's pages for people. The route at `graphqlPath` is the playground: mount it for requests that `prefersHtml`, the
 * API answers the others. In production the landing page is all there is.
 */
export function pages(options: PagesOptions): Route[] {
  if (options.production) return [landingRoute(options, [])]
  const examples = loadExamples(options.examplesFolder ?? marketExamples)
  const assets = loadPlaygroundAssets()
  const playground = (request: RouteRequest, locale: Locale) =>
    playgroundPage({ locale, graphqlPath: options.graphqlPath, tabs: localise(examples, locale), assets })
  return [landingRoute(options, examples), pageRoute(options.graphqlPath, playground, playgroundSources), ...assets.routes]
}

function landingRoute(options: PagesOptions, examples: readonly Example[]): Route {
  const { production, accounts, graphqlPath, links = marketLinks } = options
  const landing = (request: RouteRequest, locale: Locale) =>
    landingPage({
      locale,
      production,
      accounts,
      graphqlPath,
      links,
      graphqlUrl: origin(request) + graphqlPath,
      examples: localise(examples, locale),
    })
  return pageRoute('/', landing, () => [`style-src ${hashSource(landingStyle)}`, 'img-src data:'])
}

type Page = (request: RouteRequest, locale: Locale) => string

function pageRoute(path: string, page: Page, sources: (request: RouteRequest) => string[]): Route {
  return {
    method: 'GET',
    path,
    handle(request) {
      const locale = negotiateLocale(request.headers['accept-language'])
      return { status: 200, headers: pageHeaders(locale, sources(request)), body: page(request, locale) }
    },
  }
}

/** Older Safari does not count a WebSocket to the page's own host as 'self', so the host is named. */
function playgroundSources({ headers }: RouteRequest): string[] {
  const host = plainHost(headers.host)
  const sockets = host === undefined ? '' : ` ws://${host} wss://${host}`
  return ["script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self' data:", `connect-src 'self'${sockets}`]
}

/** The address as the visitor wrote it, which is only shown to them. */
function origin({ headers }: RouteRequest): string {
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http'
  return `${scheme}://${plainHost(headers.host) ?? 'localhost'}`
}

const localise = (examples: readonly Example[], locale: Locale) => examples.map((example) => localiseExample(example, locale))
