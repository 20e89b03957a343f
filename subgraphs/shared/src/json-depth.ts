const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = ['"', '\\', '{', '}', '[', ']'].map((one) =>
  one.charCodeAt(0),
)

/** Whether JSON nests deeper than so, told before it is parsed: a hundred kilobytes of `{"a":` take a hundredth of a second to parse. */
export function jsonNestsDeeperThan(text: string, max: number): boolean {
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
