// Runs in the browser as it is. React, ReactDOM, GraphiQL and graphqlWs are the packages' own browser builds.
const { React, ReactDOM, GraphiQL, graphqlWs } = globalThis
const settings = JSON.parse(document.getElementById('settings').textContent)
const address = new URL(settings.graphqlPath, location.href)
const socketAddress = address.href.replace(/^http/, 'ws')
let token

// The name under which the libraries inside GraphiQL look for the nonce of a style they add.
globalThis.__webpack_nonce__ = settings.styleNonce

function showSession() {
  document.getElementById('session').textContent = token === undefined ? settings.signedOut : settings.signedIn
  document.getElementById('forget').hidden = token === undefined
}

/** The Headers pane goes before the token of the last sign-in. The token lives as long as this page, never in storage. */
function headersToSend(written) {
  const own = Object.keys(written ?? {}).some((name) => name.toLowerCase() === 'authorization')
  return own || token === undefined ? { ...written } : { ...written, Authorization: `Bearer ${token}` }
}

/** A sign-in is whatever answers with an `accessToken`. */
function findToken(value) {
  if (typeof value !== 'object' || value === null) return undefined
  if (typeof value.accessToken === 'string') return value.accessToken
  return Object.values(value).map(findToken).find(Boolean)
}

async function ask(operation, headers) {
  const response = await fetch(address, {
    method: 'POST',
    headers: { accept: 'application/graphql-response+json, application/json', 'content-type': 'application/json', ...headers },
    body: JSON.stringify(operation),
  })
  const json = /\bjson\b/.test(response.headers.get('content-type') ?? '')
  const result = json ? await response.json() : { errors: [{ message: `HTTP ${response.status}: ${await response.text()}` }] }
  token = findToken(result.data) ?? token
  showSession()
  return result
}

/** One connection per subscription, so that each sends the headers it was started with. It closes with its subscription. */
function follow(operation, headers) {
  return {
    subscribe({ next, error, complete }) {
      const client = graphqlWs.createClient({ url: socketAddress, connectionParams: headers })
      return { unsubscribe: client.subscribe(operation, { next, complete, error: (problem) => error(readable(problem)) }) }
    },
  }
}

function readable(error) {
  if (Array.isArray(error) || error instanceof Error) return error
  return [{ message: `WebSocket ${error?.code ?? ''} ${error?.reason ?? ''}`.trim() }]
}

/** GraphiQL parses a little later than one types or changes tabs: the text is the truth, its parsed form the second choice. */
function chosenOperation({ query, operationName }, documentAST) {
  const written = [...query.matchAll(/^(query|mutation|subscription)\b[ \t]*(\w*)/gm)].map(([, kind, name]) => ({ kind, name }))
  const parsed = (documentAST?.definitions ?? [])
    .filter(({ kind }) => kind === 'OperationDefinition')
    .map(({ operation, name }) => ({ kind: operation, name: name?.value ?? '' }))
  const operations = written.length > 0 ? written : parsed
  return operations.find(({ name }) => name === operationName) ?? operations[0]
}

function fetcher(request, { headers, documentAST } = {}) {
  const operation = chosenOperation(request, documentAST)
  const body = operation === undefined ? request : { ...request, operationName: operation.name || undefined }
  return operation?.kind === 'subscription' ? follow(body, headersToSend(headers)) : ask(body, headersToSend(headers))
}

/** GraphiQL's part of localStorage, under a name that changes with the examples. */
function ownStorage() {
  const prefix = `pasar:${settings.storage}:`
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix))
  return {
    getItem: (key) => localStorage.getItem(prefix + key),
    setItem: (key, value) => localStorage.setItem(prefix + key, value),
    removeItem: (key) => localStorage.removeItem(prefix + key),
    clear: () => keys().forEach((key) => localStorage.removeItem(key)),
    get length() {
      return keys().length
    },
  }
}

/**
 * `#name` in the address opens that example; without it, a returning visitor finds the tabs as they were. GraphiQL fills the
 * editors of the first tab from `query` and `variables`, not from the tab itself.
 */
function openingTabs(storage) {
  const tabs = settings.tabs.map(({ query, variables }) => ({ query, variables }))
  const named = settings.tabs.findIndex(({ name }) => encodeURIComponent(name) === location.hash.slice(1))
  const first = tabs[named] ?? (storage.length === 0 ? tabs[0] : undefined)
  if (tabs.length === 0) return {}
  return first === undefined ? { defaultTabs: tabs } : { ...first, defaultTabs: [first, ...tabs.filter((tab) => tab !== first)] }
}

document.getElementById('forget').addEventListener('click', () => {
  token = undefined
  showSession()
})
addEventListener('hashchange', () => location.reload())
showSession()
const storage = ownStorage()
ReactDOM.createRoot(document.getElementById('playground')).render(
  React.createElement(GraphiQL, { fetcher, storage, defaultEditorToolsVisibility: true, ...openingTabs(storage) }),
)
