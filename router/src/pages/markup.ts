/** Text that is escaped already; whatever else is put into a page is escaped by `markup`. */
export type Markup = { readonly source: string }

type Part = string | Markup | readonly Markup[]

/**
 * The only way in which these pages are put together: what is interpolated is escaped unless it is `Markup` itself. (It is not
 * called `html` because the formatter would then re-indent the templates, and with them texts whose hash is allowed.)
 */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { source: strings.reduce((page, literal, index) => page + sourceOf(parts[index - 1] ?? '') + literal) }
}

/** Markup of our own that holds nothing from outside: a style sheet, for one. */
export const trusted = (source: string): Markup => ({ source })

/** Data for a script of the page, in a form that cannot end its element. */
export const jsonForScript = (value: unknown): Markup => trusted(JSON.stringify(value).replaceAll('<', '\\u003c'))

function sourceOf(part: Part): string {
  if (typeof part === 'string') return escapeMarkup(part)
  return 'source' in part ? part.source : part.map(({ source }) => source).join('')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

const escapeMarkup = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
