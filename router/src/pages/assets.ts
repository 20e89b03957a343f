import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Route } from '@pasar/shared/http/server'
import { assetHeaders } from './page-headers.ts'

/** Files that the playground needs, in the order in which the page loads them. */
export type PlaygroundAssets = {
  readonly scripts: readonly string[]
  readonly styles: readonly string[]
  readonly routes: readonly Route[]
}

const require = createRequire(import.meta.url)
const here = dirname(fileURLToPath(import.meta.url))

/** The packages publish these ready for browsers, but do not list them among their exports. */
const files = () => [
  join(dirname(require.resolve('react/package.json')), 'umd/react.production.min.js'),
  join(dirname(require.resolve('react-dom/package.json')), 'umd/react-dom.production.min.js'),
  join(dirname(require.resolve('graphql-ws/package.json')), 'umd/graphql-ws.min.js'),
  join(dirname(require.resolve('graphiql/package.json')), 'graphiql.min.js'),
  join(dirname(require.resolve('graphiql/package.json')), 'graphiql.min.css'),
  join(here, 'browser/playground.js'),
  join(here, 'browser/playground.css'),
]

const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
}

/** Reads the files once; their addresses hold a hash of their content, so browsers keep them for good. */
export function loadPlaygroundAssets(): PlaygroundAssets {
  const routes = files().map(assetRoute)
  const ending = (end: string) => routes.map(({ path }) => path).filter((path) => path.endsWith(end))
  return { scripts: ending('.js'), styles: ending('.css'), routes }
}

function assetRoute(file: string): Route {
  const body = readAsset(file)
  const digest = createHash('sha256').update(body).digest('hex').slice(0, 16)
  const extension = extname(file)
  const name = file.slice(dirname(file).length + 1, -extension.length).replace(/\.(?:production\.)?min$/, '')
  const headers = assetHeaders(contentTypes[extension] ?? 'application/octet-stream')
  return { method: 'GET', path: `/playground/${name}.${digest}${extension}`, handle: () => ({ status: 200, headers, body }) }
}

/** Without the comment that sends developer tools after a source map which is not served. */
function readAsset(file: string): Buffer {
  return Buffer.from(readFileSync(file, 'utf8').replace(/\n\/\/# sourceMappingURL=\S+\s*$/, '\n'))
}
