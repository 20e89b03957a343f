import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { domains } from '@pasar/shared/domains'
import { issuers } from '@pasar/shared/identity/signature'
import { settings } from '@pasar/shared/process/settings'
import { expect, it } from 'vitest'
import { root } from './paths.ts'

const folders = ['router', 'scripts', 'subgraphs/shared', ...domains.map((domain) => `subgraphs/${domain}`)]
const varying = [...domains, ...issuers].map((name) => name.toUpperCase())

/** What every process is made of, but the list of the settings itself. */
const source = folders
  .map((folder) => join(root, folder, 'src'))
  .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)))
  .filter((file) => /(?<!\.test|shared\/src\/settings)\.ts$/.test(file))
  .map((file) => readFileSync(file, 'utf8'))
  .join('\n')

/** As it stands, or put together from the name of a domain or of an issuer. */
const written = (name: string) =>
  name
    .split('_')
    .map((part) => (varying.includes(part) ? String.raw`(?:${part}|\$\{[^}]*\})` : part))
    .join('_')

it.each(Object.keys(settings))('somebody reads %s', (name) => {
  expect(new RegExp(String.raw`(?<!\w)${written(name)}(?!\w)`).test(source)).toBe(true)
})

it('users is told where those answer whom it asks before it erases an account', () => {
  const asks = readFileSync(join(root, 'subgraphs/users/src/unfinished.ts'), 'utf8')
  const asked = domains.filter((domain) => asks.includes(`domain: '${domain}'`))
  expect(asked).not.toEqual([])
  for (const domain of asked)
    expect(settings[`SUBGRAPH_URL_${domain.toUpperCase() as Uppercase<typeof domain>}`].readBy.split(', ')).toContain('users')
})
