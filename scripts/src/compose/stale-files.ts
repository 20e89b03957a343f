/** Names of the files whose text is not the expected one, each with the first line that differs. */
export const staleFiles = (expected: Readonly<Record<string, string>>, read: (path: string) => string | undefined): string[] =>
  Object.entries(expected).flatMap(([path, text]) => {
    const found = read(path)
    return found === text
      ? []
      : [found === undefined ? `- ${path} is missing` : `- ${path}, line ${firstDifference(found, text)}`]
  })

function firstDifference(found: string, expected: string): number {
  const lines = found.split('\n')
  const wanted = expected.split('\n')
  const index = wanted.findIndex((line, at) => line !== lines[at])
  return (index < 0 ? wanted.length : index) + 1
}
