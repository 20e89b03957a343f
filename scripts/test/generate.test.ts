import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { generateClients } from '../src/generate/clients.ts'
import { generateResolverTypes } from '../src/generate/resolver-types.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pasar-generate-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), text)
}

const schema = (model: string) => `
generator client {
  provider = "prisma-client"
  output   = "./generated"
}

datasource db {
  provider = "postgresql"
}

model ${model} {
  id String @id
}
`

describe('the database clients', () => {
  it('are made once, and again when the schema changes', async () => {
    write('orders/schema.prisma', schema('Stall'))
    expect(await generateClients({ folder })).toEqual(['orders'])
    expect(await generateClients({ folder })).toEqual([])
    write('orders/schema.prisma', schema('Kiosk'))
    expect(await generateClients({ folder })).toEqual(['orders'])
    expect(existsSync(join(folder, 'orders', 'generated', 'models', 'Kiosk.ts'))).toBe(true)
    expect(await generateClients({ folder, force: true })).toEqual(['orders'])
  })

  it('are made once, too, when two start at the same time', async () => {
    write('orders/schema.prisma', schema('Stall'))
    const made = await Promise.all([generateClients({ folder }), generateClients({ folder })])
    expect(made.flat()).toEqual(['orders'])
    expect(readdirSync(join(folder, 'orders')).toSorted()).toEqual(['generated', 'schema.prisma'])
  })

  it('of a schema with a mistake are not made, and the mistake is shown every time', async () => {
    write('orders/schema.prisma', schema('Stall').replace('String', 'Strnig'))
    for (let time = 0; time < 2; time += 1) {
      const problem = (await generateClients({ folder }).catch((error: unknown) => error)) as Error
      expect(problem.name).toBe('StartProblem')
      expect(problem.message).toContain(join(folder, 'orders', 'schema.prisma'))
      expect(problem.message).toContain('Strnig')
    }
  })
})

describe('the resolver types', () => {
  const sdl = `
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@inaccessible"])
    scalar MinorUnits
    scalar DateTime
    type Query { order(id: ID!): Order }
    type Mutation { ordersOpen: Order @inaccessible }
    type Order @key(fields: "id") { id: ID! total: MinorUnits! placedAt: DateTime! buyer: User! }
    type User @key(fields: "id", resolvable: false) { id: ID! }
    interface Problem { code: String! message: String! }
    union OpenResult = OpenSuccess | StaleOrder
    type OpenSuccess { order: Order! lines: [Order!]! }
    type StaleOrder implements Problem { code: String! message: String! version: Int! order: Order! }
  `

  const generated = async () => {
    const [file = ''] = await generateResolverTypes({ only: ['orders'], folder, sdlOf: () => sdl })
    return readFileSync(file, 'utf8')
  }

  it('take money as bigint, time as Date, and entities by reference', async () => {
    const types = await generated()
    expect(types).toContain('MinorUnits: { input: bigint; output: bigint | number; }')
    expect(types).toContain('DateTime: { input: Date; output: Date | string; }')
    expect(types).toMatch(/OrderResolvers.*[^}]*__resolveReference\?/)
  })

  it("use the subgraph's own context and the types that stand behind its SDL", async () => {
    write('orders/src/context.ts', 'export interface OrdersContext { readonly now: Date }')
    write('orders/mappers.json', '{ "Order": "../domain/order.ts#Order as OrderModel" }')
    const types = await generated()
    expect(types).toContain("import type { OrdersContext } from '../context.ts'")
    expect(types).toMatch(/import type \{ Order as OrderModel \} from '\.\.\/domain\/order\.ts'/)
  })

  it("take a result by the ids of what it is about, without a problem's sentence, and another subgraph's entity by its id", async () => {
    const types = await generated()
    expect(types).toMatch(/^ {2}OpenSuccess: ResolverTypeWrapper<Answered<.*, 'order', never>>/m)
    expect(types).toMatch(/^ {2}StaleOrder: ResolverTypeWrapper<Answered<.*, 'order', 'message'>>/m)
    expect(types).toContain('User: ResolverTypeWrapper<Reference>')
  })

  it('are refused where something stands behind a type that the SDL has not', async () => {
    write('orders/mappers.json', '{ "Ordre": "../domain/order.ts#Order as OrderModel" }')
    await expect(generated()).rejects.toThrow('the SDL has no type Ordre')
  })
})
