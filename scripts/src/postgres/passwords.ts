import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { domains, type Domain } from '@pasar/shared/domains'
import { StartProblem } from '../start-problem.ts'

/** The superuser's and every domain role's password. */
export type Passwords = Readonly<Record<Domain | 'superuser', string>>

/** Reads the passwords of this data folder, or makes them before the first start. */
export function passwordsIn(folder: string): Passwords {
  const file = join(folder, 'passwords.json')
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Passwords
  if (existsSync(join(folder, 'cluster'))) {
    throw new StartProblem(
      `${file} is missing, so the database there cannot be opened: put it back, or start over with npm run reset.`,
    )
  }
  const passwords = Object.fromEntries(['superuser', ...domains].map((name) => [name, randomBytes(24).toString('base64url')]))
  writeFileSync(`${file}.new`, JSON.stringify(passwords, null, 2), { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return passwords as Passwords
}
