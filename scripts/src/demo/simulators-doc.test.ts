import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../paths.ts'
import { simulatorEndpoints } from '../simulators/simulators.ts'

describe('docs/simulators.md', () => {
  const text = readFileSync(join(root, 'docs/simulators.md'), 'utf8')
  const documented = [...text.matchAll(/^\| `((?:GET|POST) [^`]+)`/gm)].map(([, endpoint = '']) => endpoint)

  it('lists exactly the endpoints that the simulators name', () => {
    expect(documented.toSorted()).toEqual(simulatorEndpoints.map(({ method, path }) => `${method} ${path}`).toSorted())
  })
})
