import type { AccountViewer } from '@pasar/shared/identity/viewer'
import type { Broken } from '../invariants/broken.ts'
import { rowsOf } from '../world/acts.ts'
import type { Shop } from '../world/people.ts'
import type { Scene } from './scene.ts'

/** What a statement of the time of a story must say. */
export interface StatementEnding {
  readonly of: 'buyer' | Shop
  /** Its entries, the oldest first, such as `WITHDRAWAL -10000`. */
  readonly entries: readonly string[]
}

interface Money {
  readonly amount: number
}

/** A statement as the API gives it. */
export interface Statement {
  readonly opening: Money
  readonly closing: Money
  readonly edges: readonly { readonly node: { readonly kind: string; readonly amount: Money; readonly balance: Money } }[]
}

const fields = `opening { amount } closing { amount } edges { node { kind amount { amount } balance { amount } } }`
const queryOf = (what: string) =>
  `query ($of: [_Any!]!, $from: DateTime!) { _entities(representations: $of) { ${what.replace('FIELDS', `(from: $from, first: 100) { ${fields} }`)} } }`
const ofShop = queryOf('... on Shop { balance { entries FIELDS } }')
const ofBuyer = queryOf('... on User { entries: walletEntries FIELDS }')

interface Owner {
  readonly as: AccountViewer
  readonly query: string
  readonly entity: { readonly __typename: string; readonly id: string }
  /** The accounts that the statement is of. */
  readonly accounts: readonly string[]
}

function ownerOf({ buyer }: Scene, of: StatementEnding['of']): Owner {
  if (of === 'buyer') {
    const { accountId: id } = buyer.viewer
    return { as: buyer.viewer, query: ofBuyer, entity: { __typename: 'User', id }, accounts: [`BUYER_WALLET:${id}`] }
  }
  const { shopId: id, owner } = of
  const accounts = [`SELLER_BALANCE:${id}`, `SELLER_RECEIVABLE:${id}`]
  return { as: owner, query: ofShop, entity: { __typename: 'Shop', id }, accounts }
}

type Seen = { readonly entries: Statement } | { readonly balance: { readonly entries: Statement } }

/** Where the statements of a story's people do not say what happened, or do not add up. */
export async function statementsOf(scene: Scene, endings: readonly StatementEnding[]): Promise<Broken[]> {
  const { world, startedAt } = scene
  const broken = endings.map(async ({ of, entries }) => {
    const { as, query, entity, accounts } = ownerOf(scene, of)
    const variables = { of: [entity], from: startedAt.toISOString() }
    const { _entities } = await world.send<{ _entities: [Seen] }>('payments', { query, variables, as })
    const [ledger] = await rowsOf<{ sum: number }>(world, 'payments', {
      sql: 'SELECT coalesce(-sum(amount), 0)::float8 AS sum FROM posting WHERE account_id = ANY($1::text[])',
      values: [accounts],
    })
    const [seen] = _entities
    const statement = 'balance' in seen ? seen.balance.entries : seen.entries
    const found = contradictionsOfStatement(statement, { ledger: ledger!.sum, entries })
    return found.map((what): Broken => ({ invariant: 'I3', what: `the statement of ${entity.id} ${what}` }))
  })
  return (await Promise.all(broken)).flat()
}

/** What is wrong with a statement, in words. Pure. */
export function contradictionsOfStatement(
  { opening, closing, edges }: Statement,
  { ledger, entries }: { readonly ledger: number; readonly entries: readonly string[] },
): string[] {
  const nodes = edges.map(({ node }) => node).toReversed()
  const said = nodes.map(({ kind, amount }) => `${kind} ${amount.amount}`)
  const sums = nodes.reduce<number[]>((all, { amount }) => [...all, (all.at(-1) ?? opening.amount) + amount.amount], [])
  const stands = nodes.every(({ balance }, index) => balance.amount === sums[index])
  return [
    ...(said.join() === entries.join() ? [] : [`says ${said.join() || 'nothing'}, not ${entries.join() || 'nothing'}`]),
    ...(stands && (sums.at(-1) ?? opening.amount) === closing.amount ? [] : [`does not add up to its end, ${closing.amount}`]),
    ...(closing.amount === ledger ? [] : [`ends at ${closing.amount}, the ledger at ${ledger}`]),
  ]
}
