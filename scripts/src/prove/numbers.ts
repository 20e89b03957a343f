import { StartProblem } from '../start-problem.ts'

/** A number of the command line, `--name=7` or `--name 7`; the fallback when absent. */
export function numberOption(name: string, fallback: number): number {
  const text = textOption(name)
  if (text === undefined) return fallback
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new StartProblem(`--${name} must be a whole number, 0 or more`)
  return value
}

/** A text of the command line, `--name=x` or `--name x`; undefined when absent. */
export function textOption(name: string): string | undefined {
  const index = process.argv.findIndex((argument) => argument === `--${name}` || argument.startsWith(`--${name}=`))
  if (index < 0) return undefined
  const [, value] = process.argv[index]!.split('=', 2)
  return value ?? process.argv[index + 1]
}

export const hasOption = (name: string): boolean => process.argv.includes(`--${name}`)
