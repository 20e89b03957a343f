import { newId, type Id } from '@pasar/shared/ids'
import type { Viewer } from '@pasar/shared/identity/viewer'
import { account, type Market } from './market.ts'

/** One movement as a statement shows it. */
export interface Line {
  readonly kind: string
  readonly postedAt: string
  readonly amount: { readonly amount: number }
  readonly balance: { readonly amount: number }
  readonly order: { readonly id: string } | null
  readonly refund: { readonly id: string } | null
  readonly withdrawal?: { readonly id: string } | null
  readonly payment?: { readonly id: string } | null
}

/** A page of a statement. */
interface Lines {
  readonly edges: readonly { readonly cursor: string; readonly node: Line }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  readonly opening: { readonly amount: number } | null
  readonly closing: { readonly amount: number } | null
}

/** Whose statement it is, and who reads it. */
interface Reader {
  readonly of:
    { readonly __typename: 'Shop'; readonly id: Id<'shop'> } | { readonly __typename: 'User'; readonly id: Id<'account'> }
  readonly as: Viewer
}

/** A seller who reads the own shop's statement. */
export const sellerOf = (id: Id<'shop'>): Reader => ({
  of: { __typename: 'Shop', id },
  as: account(newId('account'), ['seller'], [id]),
})
/** A buyer who reads the own statement. */
export const buyerOf = (id: Id<'account'>): Reader => ({ of: { __typename: 'User', id }, as: account(id) })

/** What of a statement is asked. */
interface AskedLines {
  readonly first?: number
  readonly after?: string | null
  readonly from?: string
  readonly to?: string
}

const lines = (more: string) => `(first: $first, after: $after, from: $from, to: $to) {
  edges { cursor node { kind postedAt amount { amount } balance { amount } order { id } refund { id } ${more} { id } } }
  pageInfo { hasNextPage endCursor } opening { amount } closing { amount } }`
const query = `query ($of: [_Any!]!, $first: Int, $after: String, $from: DateTime, $to: DateTime) { _entities(representations: $of) {
  ... on Shop { balance { entries${lines('withdrawal')} } }
  ... on User { walletEntries${lines('payment')} } } }`

/** Asks for one page of one or more statements. */
export async function readPages(market: Market, { of, as }: { of: readonly Reader['of'][]; as: Viewer }, asked: AskedLines = {}) {
  type Owner = { readonly balance?: { readonly entries: Lines } | null; readonly walletEntries?: Lines }
  const { data, errors } = await market.execute<{ _entities: readonly Owner[] }>({ query, variables: { of, ...asked }, as })
  if (errors || !data) throw new Error(String(errors?.[0]?.extensions?.['code']))
  return data._entities.map(({ balance, walletEntries }) => walletEntries ?? balance?.entries)
}

/** A whole statement, page by page, newest first. */
export async function readStatement(market: Market, { of, as }: Reader, asked: AskedLines = {}): Promise<readonly Line[]> {
  const read: Line[] = []
  for (let after = asked.after; ;) {
    const [page] = await readPages(market, { of: [of], as }, { ...asked, ...(after && { after }) })
    read.push(...page!.edges.map(({ node }) => node))
    if (!page!.pageInfo.hasNextPage) return read
    after = page!.pageInfo.endCursor
  }
}

/** What movements change together. */
export const changeOf = (statement: readonly Line[]) => statement.reduce((total, { amount }) => total + amount.amount, 0)

/** A statement in short, oldest first. */
export const short = (statement: readonly Line[]) =>
  statement.map(({ kind, amount, balance }) => [kind, amount.amount, balance.amount]).toReversed()

/** What was there before and after a period. */
export async function endsOf(market: Market, { of, as }: Reader, asked: AskedLines = {}) {
  const [page] = await readPages(market, { of: [of], as }, asked)
  return [page!.opening?.amount, page!.closing?.amount]
}

/** What the ledger says that an owner has, less what is owed; of postings in a period alone where one is given. */
export async function bookedOf({ sql }: Market, owner: string, [from, to]: readonly string[] = []): Promise<number> {
  const { rows } = await sql.query<{ amount: string }>(
    `SELECT coalesce(-sum(amount), 0) AS amount FROM posting JOIN journal ON journal.id = journal_id
      WHERE account_id IN ('SELLER_BALANCE:' || $1, 'SELLER_RECEIVABLE:' || $1, 'BUYER_WALLET:' || $1)
        AND posted_at >= coalesce($2::timestamptz, '-infinity') AND posted_at < coalesce($3::timestamptz, 'infinity')`,
    [owner, from ?? null, to ?? null],
  )
  return Number(rows[0]!.amount)
}
