/** Markup that was escaped already; whatever else is put into a page is escaped by `html`. */
export type Html = { readonly markup: string }

type Part = string | Html | readonly Html[]

/** The only way in which these pages make markup: what is interpolated is escaped unless it is `Html` itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { markup: strings.reduce((page, literal, index) => page + markupOf(parts[index - 1] ?? '') + literal) }
}

/** Markup of our own that holds nothing from outside: a style sheet, for one. */
export const trusted = (markup: string): Html => ({ markup })

/** Data for a script of the page, in a form that cannot end its element. */
export const jsonForScript = (value: unknown): Html => trusted(JSON.stringify(value).replaceAll('<', '\\u003c'))

function markupOf(part: Part): string {
  if (typeof part === 'string') return escapeHtml(part)
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('')
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character)
}
