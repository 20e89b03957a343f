import { visit, type DocumentNode } from 'graphql'

/** How deep objects and lists nest in the values that are written into a document. */
export function valueDepth(document: DocumentNode): number {
  let depth = 0
  let deepest = 0
  const enter = () => {
    depth += 1
    deepest = Math.max(deepest, depth)
  }
  const leave = () => {
    depth -= 1
  }
  visit(document, { ObjectValue: { enter, leave }, ListValue: { enter, leave } })
  return deepest
}
