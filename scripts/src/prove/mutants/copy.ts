import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { root } from '../../paths.ts'
import type { Mutant } from './mutant.ts'

/** What became of a mutant: a test went red for it, or it lived, or no test was found. */
export type Fate = 'killed' | 'LIVED' | 'NO TEST'

/** A copy of the checkout that may be broken. */
export interface Copy {
  /** Runs every named test without any mutant: whether all are green. */
  isGreen(mutants: readonly Mutant[]): Promise<boolean>
  /** Runs the named test with the mutant in place, and takes it out again. */
  try(mutant: Mutant): Promise<Fate>
  remove(): void
}

/** Copies every file of the checkout, also those that are made; installed packages are only pointed at. */
export function copyCheckout(): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'pasar-mutants-'))
  const { stdout } = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1e8,
  })
  const files = stdout.split('\0').filter((file) => file !== '' && existsSync(join(root, file)))
  for (const file of files) place(file, folder)
  for (const made of madeFolders()) cpSync(join(root, made), join(folder, made), { recursive: true })
  pointAtPackages(folder)
  return {
    isGreen: (mutants) => isGreen(folder, mutants),
    try: (mutant) => tryMutant(folder, mutant),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function place(file: string, folder: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  cpSync(join(root, file), join(folder, file))
}

/** What git does not have and the tests need. */
const madeFolders = (): string[] =>
  ['prisma', 'subgraphs'].flatMap((parent) =>
    readdirSync(join(root, parent)).flatMap((name) =>
      [`${parent}/${name}/generated`, `${parent}/${name}/src/generated`].filter((made) => existsSync(join(root, made))),
    ),
  )

/** The workspaces are the copy's own; everything else is where it was. */
function pointAtPackages(folder: string): void {
  const from = join(root, 'node_modules')
  const to = join(folder, 'node_modules')
  mkdirSync(join(to, '@pasar'), { recursive: true })
  for (const name of readdirSync(from)) if (name !== '@pasar') symlinkSync(join(from, name), join(to, name))
  for (const parent of ['schema', 'router', 'scripts', 'journeys', ...workspaces('prisma'), ...workspaces('subgraphs')]) {
    const { name } = JSON.parse(readFileSync(join(folder, parent, 'package.json'), 'utf8')) as { name: string }
    symlinkSync(relative(join(to, '@pasar'), join(folder, parent)), join(to, name))
    const own = join(root, parent, 'node_modules')
    if (existsSync(own)) symlinkSync(own, join(folder, parent, 'node_modules'))
  }
}

const workspaces = (parent: string) =>
  readdirSync(join(root, parent))
    .map((name) => `${parent}/${name}`)
    .filter((path) => existsSync(join(root, path, 'package.json')))

/** Mutants whose text their file does not have exactly once: the code has changed, and the table must follow. */
export const staleMutants = (mutants: readonly Mutant[]): readonly Mutant[] =>
  mutants.filter(({ file, from }) => {
    const path = join(root, file)
    return !existsSync(path) || readFileSync(path, 'utf8').split(from).length !== 2
  })

async function tryMutant(folder: string, { file, from, to, test }: Mutant): Promise<Fate> {
  const path = join(folder, file)
  const text = readFileSync(path, 'utf8')
  writeFileSync(
    path,
    text.replace(from, () => to),
  )
  try {
    const { numFailedTests, numPassedTests } = await runTests(folder, [test])
    if (numFailedTests > 0) return 'killed'
    return numPassedTests > 0 ? 'LIVED' : 'NO TEST'
  } finally {
    writeFileSync(path, text)
  }
}

async function isGreen(folder: string, mutants: readonly Mutant[]): Promise<boolean> {
  const { numFailedTests, numPassedTests } = await runTests(
    folder,
    mutants.map(({ test }) => test),
  )
  return numFailedTests === 0 && numPassedTests > 0
}

interface Report {
  readonly numFailedTests: number
  readonly numPassedTests: number
}

async function runTests(folder: string, tests: readonly Mutant['test'][]): Promise<Report> {
  const report = join(folder, 'report.json')
  rmSync(report, { force: true })
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs')
  const files = [...new Set(tests.map(([file]) => file))]
  const pattern = tests.map(([, name]) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('|')
  const child = spawn(process.execPath, [vitest, 'run', ...files, '-t', pattern, '--reporter=json', `--outputFile=${report}`], {
    cwd: folder,
    stdio: 'ignore',
  })
  await once(child, 'exit')
  if (!existsSync(report)) return { numFailedTests: 0, numPassedTests: 0 }
  return JSON.parse(readFileSync(report, 'utf8')) as Report
}
