import type { Locale } from '@pasar/shared/locale'
import type { ExampleTab } from './examples.ts'
import { landingStyle } from './landing-style.ts'
import { landingTexts } from './landing-texts.ts'
import { markup, trusted, type Markup } from './markup.ts'
import { pageIcon } from './page-icon.ts'
import type { PageLink } from './page-links.ts'
import { storefrontClient } from './storefront-client.ts'

/** An account of the demo market that a visitor may sign in with. */
export type DemoAccount = { readonly role: 'buyer' | 'seller' | 'admin'; readonly email: string; readonly password: string }

export type LandingView = {
  readonly locale: Locale
  readonly production: boolean
  readonly graphqlPath: string
  readonly graphqlUrl: string
  readonly links: readonly PageLink[]
  readonly accounts: readonly DemoAccount[]
  readonly examples: readonly ExampleTab[]
}

/** More would not fit on one screen; the others are tabs of the playground too. */
const tryFirstMax = 6

/** The page at `/`. In production it names neither the playground nor any account or page of development. */
export function landingPage(view: LandingView): string {
  const texts = landingTexts[view.locale]
  return markup`<!doctype html>
<html lang="${view.locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pasar</title>
${pageIcon()}
<style>${trusted(landingStyle)}</style>
</head>
<body>
<header>
<h1>Pasar</h1>
<p>${texts.what}</p>
${view.production ? '' : markup`<p><a class="first" href="${view.graphqlPath}">${texts.playground}</a></p>`}
</header>
<main>
${[...(view.production ? [] : developmentSections(view)), linksSection(view), clientSection(view)]}</main>
</body>
</html>
`.source
}

function developmentSections(view: LandingView): Markup[] {
  return [
    ...(view.examples.length > 0 ? [tryFirstSection(view)] : []),
    ...(view.accounts.length > 0 ? [accountsSection(view)] : []),
  ]
}

function tryFirstSection({ locale, graphqlPath, examples }: LandingView): Markup {
  const items = examples
    .slice(0, tryFirstMax)
    .map(({ name, title }) => markup`<li><a href="${graphqlPath}#${encodeURIComponent(name)}">${title}</a></li>\n`)
  return markup`<section><h2>${landingTexts[locale].first}</h2>
<ol>
${items}</ol></section>
`
}

const codeCell = (text: string) => markup`<td><code>${text}</code></td>`

function accountsSection({ locale, accounts }: LandingView): Markup {
  const { roles, ...texts } = landingTexts[locale]
  const rows = accounts.map(
    ({ role, email, password }) => markup`<tr><td>${roles[role]}</td>${codeCell(email)}${codeCell(password)}</tr>\n`,
  )
  return markup`<section><h2>${texts.accounts}</h2>
<table>
<tr><th scope="col">${texts.role}</th><th scope="col">${texts.email}</th><th scope="col">${texts.password}</th></tr>
${rows}</table></section>
`
}

function linksSection({ locale, production, links, graphqlUrl }: LandingView): Markup {
  const texts = landingTexts[locale]
  const shown = links.filter(({ development }) => !(production && development))
  return markup`<section><h2>${texts.links}</h2>
<ul>
${shown.map(({ path, title }) => markup`<li><a href="${path}">${title[locale]}</a></li>\n`)}</ul>
<p>${texts.api}: <code>${graphqlUrl}</code></p></section>
`
}

function clientSection({ locale, graphqlUrl }: LandingView): Markup {
  const texts = landingTexts[locale]
  return markup`<section class="wide"><h2>${texts.client}</h2>
<pre><code>${storefrontClient(graphqlUrl)}</code></pre>
<p>${texts.clientHint}</p></section>
`
}
