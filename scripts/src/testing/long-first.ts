import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** One project after the other, so that a worker keeps what it has loaded; the short ones last, so that no worker waits long for the other. */
const projects = ['journey', 'subgraph', 'unit']

/** What takes more than a few seconds, longest first; whatever is not named follows. */
const longFiles = [
  'scripts/test/crash.test.ts',
  'journeys/crash.test.ts',
  'journeys/endings.test.ts',
  'journeys/purchase.test.ts',
  'journeys/demo.test.ts',
  'scripts/test/postgres.test.ts',
  'subgraphs/orders/test/saga.test.ts',
  'scripts/test/import-file.test.ts',
  'scripts/test/migrate.test.ts',
  'scripts/test/generate.test.ts',
  'router/test/playground.test.ts',
  'subgraphs/shared/test/bus.test.ts',
]

const rank = ({ project, moduleId }: TestSpecification) => {
  const long = longFiles.findIndex((file) => moduleId.endsWith(`/${file}`))
  return projects.indexOf(project.name) * 100 + (long < 0 ? 99 : long)
}

/** Starts the long files first: the order is the same in a fresh clone, where nothing tells how long a file took the last time. */
export class LongFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(files.toSorted((a, b) => rank(a) - rank(b)))
  }
}
