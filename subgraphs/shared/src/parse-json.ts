import type { Texts } from './locale.ts'
import { BadInput } from './problems.ts'

/** Deeper than anything that anybody asks or tells us, and far from what takes long to read. */
const depthMax = 100
/** A shorter text takes no time that is worth a look before. */
const lookedAtFrom = 4_096

const tooDeep: Texts = {
  id: `JSON yang bersarang paling banyak ${depthMax} lapis`,
  en: `JSON that nests at most ${depthMax} deep`,
}

/** The JSON in a request's body, or in another part of it; throws BadInput for anything else. */
export function parseJson(text: string, part = 'body'): unknown {
  if (text.length > lookedAtFrom && nestsDeeperThan(text, depthMax)) throw new BadInput(part, tooDeep)
  try {
    return JSON.parse(text)
  } catch {
    throw new BadInput(part, { id: 'JSON', en: 'JSON' })
  }
}

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = ['"', '\\', '{', '}', '[', ']'].map((one) =>
  one.charCodeAt(0),
)

/** Whether JSON nests deeper than so, told before it is parsed: a hundred kilobytes of `{"a":` take a hundredth of a second to parse. */
function nestsDeeperThan(text: string, max: number): boolean {
  let depth = 0
  let isQuoted = false
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index)
    if (isQuoted) {
      if (character === backslash) index += 1
      else if (character === quote) isQuoted = false
    } else if (character === quote) isQuoted = true
    else if (character === openBrace || character === openBracket) {
      depth += 1
      if (depth > max) return true
    } else if (character === closeBrace || character === closeBracket) depth -= 1
  }
  return false
}
