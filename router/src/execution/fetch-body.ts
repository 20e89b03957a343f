import type { FetchNode } from '@apollo/query-planner'
import type { Execution } from './execution.ts'

/** Writes the JSON body of a fetch: all that is the same each time is written once. */
export type WriteBody = (execution: Execution, representations?: readonly string[]) => string

export function compileBody({ operation, operationName, variableUsages = [] }: FetchNode): WriteBody {
  const name = operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`
  const head = `{"query":${JSON.stringify(operation)}${name},"variables":{`
  const usages = variableUsages.map((variable) => ({ variable, label: `${JSON.stringify(variable)}:` }))
  return ({ variables }, representations) => {
    let text = head
    let separator = ''
    for (const { variable, label } of usages) {
      // A name that every object has is no value that the client sent.
      if (!Object.hasOwn(variables, variable) || variables[variable] === undefined) continue
      text += separator + label + JSON.stringify(variables[variable])
      separator = ','
    }
    if (representations) text += `${separator}"representations":[${representations.join(',')}]`
    return `${text}}}`
  }
}
