import type { FetchNode } from '@apollo/query-planner'

/** The client's variables as it sent them. */
interface Given {
  readonly variables: Readonly<Record<string, unknown>>
}

/** Writes the JSON body of a fetch: all that is the same each time is written once. */
export type WriteBody = (run: Given, representations?: readonly string[]) => string

/** Writes the body of an operation that asks for several lists of entities. */
export type WriteLists = (run: Given, lists: readonly (readonly string[])[]) => string

/** The parts of an operation that its body is made of. */
interface Asking {
  readonly query: string
  readonly operationName: string | undefined
  /** Names of the client's variables in it. */
  readonly variables: readonly string[]
}

export function compileBody({ operation, operationName, variableUsages = [] }: FetchNode): WriteBody {
  const write = compileLists({ query: operation, operationName, variables: variableUsages }, ['representations'])
  return (run, representations) => write(run, representations ? [representations] : none)
}

const none: readonly (readonly string[])[] = []

/** `names` are the variables of the lists. */
export function compileLists({ query, operationName, variables: used }: Asking, names: readonly string[]): WriteLists {
  const name = operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`
  const head = `{"query":${JSON.stringify(query)}${name},"variables":{`
  const usages = used.map((variable) => ({ variable, label: `${JSON.stringify(variable)}:` }))
  const labels = names.map((each) => `${JSON.stringify(each)}:[`)
  return ({ variables }, lists) => {
    let text = head
    let separator = ''
    for (const { variable, label } of usages) {
      // A name that every object has is no value that the client sent.
      if (!Object.hasOwn(variables, variable) || variables[variable] === undefined) continue
      text += separator + label + JSON.stringify(variables[variable])
      separator = ','
    }
    for (let index = 0; index < lists.length; index++) {
      text += `${separator}${labels[index]!}${lists[index]!.join(',')}]`
      separator = ','
    }
    return `${text}}}`
  }
}
