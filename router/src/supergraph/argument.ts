import type { ConstDirectiveNode } from 'graphql'

/** What a directive says under a name, a number or a yes as text, too; undefined where it says nothing, a list or an object. */
export function argumentOf({ arguments: given = [] }: ConstDirectiveNode, name: string): string | undefined {
  const value = given.find((one) => one.name.value === name)?.value
  return value && 'value' in value ? String(value.value) : undefined
}
