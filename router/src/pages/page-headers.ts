import { createHash } from 'node:crypto'

const everywhere = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-frame-options': 'DENY',
} as const

const closed = ["default-src 'none'", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"]

/** Headers of a page made for one visitor: asked for again each time, and not mixed up between languages. */
export function pageHeaders(locale: string, sources: readonly string[]): Record<string, string> {
  return {
    ...everywhere,
    'content-type': 'text/html; charset=utf-8',
    'content-language': locale,
    'content-security-policy': [...closed, ...sources].join('; '),
    'cache-control': 'no-cache',
    vary: 'accept, accept-language',
  }
}

/** Headers of a file whose name holds the hash of its content, so that it never changes. */
export function assetHeaders(contentType: string): Record<string, string> {
  return { ...everywhere, 'content-type': contentType, 'cache-control': 'public, max-age=31536000, immutable' }
}

/** Allows one inline text and no other. */
export const hashSource = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** The Host header when it is a plain host and port: it goes into a policy and into an address, where anything else could do harm. */
export function plainHost(host: string | undefined): string | undefined {
  return host !== undefined && /^(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i.test(host) ? host : undefined
}
