import { markup, type Markup } from './markup.ts'

/** A market stall under its awning, inside the page itself so that no further address is asked for. */
const drawing =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#a6341b" d="M1 2h14l1 5H0z"/><path fill="#e9b872" d="M2 8h12v6H2z"/></svg>'

export const pageIcon = (): Markup => markup`<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(drawing)}" />`
