import { readFileSync, readdirSync } from 'node:fs'
import type { HttpRequest, HttpResponse } from '@pasar/shared/http/server'
import { describe, expect, it } from 'vitest'
import { pictures } from './pictures.ts'

const ask = (path: string, headers: HttpRequest['headers'] = {}): HttpResponse => {
  const route = pictures().find((one) => one.path === path)
  if (!route) throw new Error(`nothing is at ${path}`)
  const request = { method: 'GET', url: path, path, parameters: {}, headers, body: '' }
  return route.handle(request) as HttpResponse
}

const folder = new URL('.', import.meta.url)
const files = readdirSync(folder).filter((file) => file.endsWith('.svg'))

describe('pictures', () => {
  it('are served as images that browsers keep for a day and never take for anything else', () => {
    expect(ask('/pictures/kopi.svg')).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'image/svg+xml; charset=utf-8',
        'cache-control': 'public, max-age=86400',
        'x-content-type-options': 'nosniff',
      },
      body: readFileSync(new URL('kopi.svg', folder)),
    })
  })

  it('are not sent again to a browser that has them', () => {
    const { headers } = ask('/pictures/batik.svg')
    expect(ask('/pictures/batik.svg', { 'if-none-match': headers?.['etag'] })).toMatchObject({ status: 304 })
  })

  it.each(files)('%s is small and draws without scripts or anything from outside', (file) => {
    const source = readFileSync(new URL(file, folder), 'utf8')
    expect(source.length).toBeLessThanOrEqual(2_000)
    expect(source).not.toMatch(/<script|<image|<foreignObject|href|\son\w+=/i)
  })
})
