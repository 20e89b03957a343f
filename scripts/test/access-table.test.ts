import { readFileSync } from 'node:fs'
import { loadSupergraph } from '@pasar/schema/load'
import { describe, expect, it } from 'vitest'
import { readSupergraph } from '../src/prove/authorization/supergraph.ts'
import { keyOf, readTable, rowsOf } from '../src/prove/authorization/table.ts'

const written = readFileSync(new URL('../../router/access-table.md', import.meta.url), 'utf8')

describe('the table of who may ask for what', () => {
  const table = readTable(written)
  const rows = rowsOf(readSupergraph(loadSupergraph().full))

  it('has every way to everything that is protected, and says of each what the supergraph says', () => {
    const said = rows.map((row) => [keyOf(row), Object.entries(row.may).flatMap(([role, may]) => (may ? [role] : []))])
    expect([...table]).toEqual(said)
  })

  it('opens nothing of the market’s own to any person', () => {
    const inner = [...table].filter(
      ([key]) => /^Mutation\.\w+ \| root at/.test(key) && !table.has(key.replace(/root at \w+/, 'root')),
    )
    expect(inner.length).toBeGreaterThan(5)
    expect(inner.filter(([, roles]) => roles.length > 0)).toEqual([])
  })

  it('lets nobody see the audit log but admins', () => {
    const of = (what: string) => [...table].filter(([key]) => key.startsWith(`${what} |`)).map(([, roles]) => roles)
    expect(of('Query.auditLog')).toEqual([['admin'], ['admin']])
    expect(of('Query.users')).toEqual([
      ['support', 'admin'],
      ['support', 'admin'],
    ])
  })
})
