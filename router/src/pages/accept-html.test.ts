import { describe, expect, it } from 'vitest'
import { prefersHtml } from './accept-html.ts'

describe('who is shown the playground at the address of the API', () => {
  it.each([
    ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8', true],
    ['whoever likes pages better than JSON', 'application/json;q=0.5, text/html', true],
    ['whoever likes JSON better than pages', 'text/html;q=0.5, application/json', false],
    ['a GraphQL client', 'application/graphql-response+json, application/json', false],
    ['a GraphQL client that would also take a page', 'application/graphql-response+json, text/html;q=0.1', false],
    ['a client of server-sent events', 'text/event-stream', false],
    ['curl', '*/*', false],
    ['a client that refuses pages', 'text/html;q=0', false],
    ['a client that says nothing', undefined, false],
  ])('%s', (_, accept, shown) => {
    expect(prefersHtml(accept)).toBe(shown)
  })
})
