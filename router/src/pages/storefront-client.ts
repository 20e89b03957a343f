/** The ten lines that a storefront can start from, written for this market's address. A test runs them. */
export const storefrontClient = (url: string): string => `import { createClient } from 'graphql-ws'
const url = ${JSON.stringify(url)}
export const headers = {} // { Authorization: 'Bearer ' + accessToken }
export const ask = async (query, variables) => {
  const body = JSON.stringify({ query, variables })
  const reply = await fetch(url, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body })
  return reply.json()
}
const live = createClient({ url: url.replace('http', 'ws'), connectionParams: () => headers })
export const follow = (query, variables, next) => live.subscribe({ query, variables }, { next, error: console.error, complete() {} })`
