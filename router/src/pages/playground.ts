import { createHash } from 'node:crypto'
import type { Locale } from '@pasar/shared/locale'
import type { PlaygroundAssets } from './assets.ts'
import type { ExampleTab } from './examples.ts'
import { markup, jsonForScript } from './markup.ts'
import { pageIcon } from './page-icon.ts'

export type PlaygroundView = {
  readonly locale: Locale
  readonly graphqlPath: string
  /** Lets GraphiQL's dialogs add the one style that locks scrolling behind them. */
  readonly styleNonce: string
  readonly tabs: readonly ExampleTab[]
  readonly assets: Pick<PlaygroundAssets, 'scripts' | 'styles'>
}

const texts = {
  id: {
    home: 'Beranda',
    noScript: 'Playground membutuhkan JavaScript.',
    signedOut: 'Belum masuk: jalankan operasi masuk, atau tulis {"Authorization": "Bearer …"} di panel Headers.',
    signedIn: 'Token dari operasi masuk terakhir dikirim oleh setiap tab. Authorization di panel Headers mengalahkannya.',
    forget: 'Lupakan token',
  },
  en: {
    home: 'Home',
    noScript: 'The playground needs JavaScript.',
    signedOut: 'Not signed in: run a sign-in operation, or write {"Authorization": "Bearer …"} into the Headers pane.',
    signedIn: 'Every tab sends the token of the last sign-in. An Authorization in the Headers pane goes before it.',
    forget: 'Forget the token',
  },
} as const satisfies Readonly<Record<Locale, Readonly<Record<string, string>>>>

/** The page at the API's own address for browsers. Everything it loads comes from this process. */
export function playgroundPage({ locale, graphqlPath, styleNonce, tabs, assets }: PlaygroundView): string {
  const { home, noScript, signedOut, signedIn, forget } = texts[locale]
  const settings = jsonForScript({ graphqlPath, styleNonce, tabs, storage: storageName(tabs), signedOut, signedIn })
  return markup`<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Pasar – Playground</title>
${pageIcon()}
${assets.styles.map((path) => markup`<link rel="stylesheet" href="${path}">\n`)}</head>
<body>
<header id="bar"><a href="/">Pasar – ${home}</a><span id="session" role="status"></span><button id="forget" type="button" hidden>${forget}</button></header>
<main id="playground"><noscript>${noScript}</noscript></main>
<script type="application/json" id="settings">${settings}</script>
${assets.scripts.map((path) => markup`<script src="${path}"></script>\n`)}</body>
</html>
`.source
}

/** Browsers keep a visitor's tabs; when the examples change, they begin anew with the new ones. */
function storageName(tabs: readonly ExampleTab[]): string {
  return createHash('sha256').update(JSON.stringify(tabs)).digest('hex').slice(0, 12)
}
