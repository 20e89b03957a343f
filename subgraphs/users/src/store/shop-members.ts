import type { Prisma } from '@pasar/prisma-users/client'
import type { Tx } from './database.ts'

/** Who acts for a shop without owning it, as the shop's owner sees them. */
export interface ShopMemberRow {
  readonly shopId: string
  readonly accountId: string
  readonly name: string
  readonly email: string
  readonly joinedAt: Date
}

/** An invitation to become one. */
export type ShopInvitationRow = Prisma.ShopInvitationGetPayload<object>

/** The shops that an account acts for. */
export interface ActedFor {
  readonly own: readonly string[]
  readonly helped: readonly string[]
}

const actedFor = `SELECT id, true AS own FROM shop WHERE owner_id = $1
  UNION ALL SELECT shop_id, false FROM shop_member WHERE account_id = $1 ORDER BY id`

export async function findActedFor(db: Tx, accountId: string): Promise<ActedFor> {
  const shops = await db.$queryRawUnsafe<{ id: string; own: boolean }[]>(actedFor, accountId)
  const ids = (wanted: boolean) => shops.filter(({ own }) => own === wanted).map(({ id }) => id)
  return { own: ids(true), helped: ids(false) }
}

/** Whether an account owns a shop or helps there. */
export async function isActedFor(db: Tx, accountId: string, shopId: string): Promise<boolean> {
  const { own, helped } = await findActedFor(db, accountId)
  return [...own, ...helped].includes(shopId)
}

/** Whether an account helps in a shop of another one. */
export const helpsOwner = async (db: Tx, accountId: string, ownerId: string): Promise<boolean> =>
  (await db.shopMember.count({ where: { accountId, shop: { ownerId } } })) > 0

const hold = `SELECT owner_id AS "ownerId" FROM shop WHERE id = $1 AND owner_id = $2 FOR NO KEY UPDATE`

/** Whether a shop is an account's own; nobody else invites to it until the transaction ends. */
export const holdOwnShop = async (tx: Tx, id: string, ownerId: string): Promise<boolean> =>
  (await tx.$queryRawUnsafe<object[]>(hold, id, ownerId)).length > 0

const members = `SELECT m.shop_id AS "shopId", m.account_id AS "accountId", a.name, a.email, m.joined_at AS "joinedAt"
  FROM shop_member m JOIN account a ON a.id = m.account_id WHERE m.shop_id = ANY($1::text[]) ORDER BY m.joined_at, m.account_id`

/** Members of shops, each shop's oldest first. */
export const findMembers = (db: Tx, shopIds: readonly string[]): Promise<ShopMemberRow[]> =>
  db.$queryRawUnsafe<ShopMemberRow[]>(members, shopIds)

/** Invitations that are open at a time, each shop's oldest first. */
export const findInvitations = (db: Tx, shopIds: readonly string[], at: Date): Promise<ShopInvitationRow[]> =>
  db.shopInvitation.findMany({
    where: { shopId: { in: [...shopIds] }, expiresAt: { gt: at } },
    orderBy: [{ invitedAt: 'asc' }, { id: 'asc' }],
  })

const helped = `SELECT m.account_id AS "accountId", s.id FROM shop_member m JOIN shop s ON s.id = m.shop_id
  WHERE m.account_id = ANY($1::text[]) ORDER BY m.joined_at, s.id`

/** The shops of others that accounts act for. */
export const findHelpedShops = (db: Tx, accountIds: readonly string[]): Promise<{ accountId: string; id: string }[]> =>
  db.$queryRawUnsafe(helped, accountIds)

const isPresent = `SELECT 1 FROM account a WHERE a.email_key = $2 AND (
    EXISTS (SELECT FROM shop s WHERE s.id = $1 AND s.owner_id = a.id) OR
    EXISTS (SELECT FROM shop_member m WHERE m.shop_id = $1 AND m.account_id = a.id))`

/** Whether whoever has an e-mail address owns the shop or helps there. */
export const isOfShop = async (db: Tx, shopId: string, emailKey: string): Promise<boolean> =>
  (await db.$queryRawUnsafe<object[]>(isPresent, shopId, emailKey)).length > 0

const places = `SELECT (SELECT count(*) FROM shop_member WHERE shop_id = $1)::integer +
  (SELECT count(*) FROM shop_invitation WHERE shop_id = $1 AND expires_at > $3 AND email_key <> $2)::integer AS taken`

/** How many members a held shop has, with those who may become it, but for one address. */
export async function countPlaces(tx: Tx, shopId: string, { emailKey, at }: { emailKey: string; at: Date }): Promise<number> {
  const [row] = await tx.$queryRawUnsafe<{ taken: number }[]>(places, shopId, emailKey, at)
  return row!.taken
}

const invite = `INSERT INTO shop_invitation (id, shop_id, email, email_key, invited_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
  ON CONFLICT (shop_id, email_key) DO UPDATE SET email = excluded.email, token_hash = NULL, expires_at = excluded.expires_at
  RETURNING id`

/** Invites an address to a shop; who was invited already is invited anew, and the token so far is void. Gives the invitation's id. */
export async function putInvitation(tx: Tx, one: Omit<ShopInvitationRow, 'tokenHash'>): Promise<string> {
  const { id, shopId, email, emailKey, invitedAt, expiresAt } = one
  const [row] = await tx.$queryRawUnsafe<{ id: string }[]>(invite, id, shopId, email, emailKey, invitedAt, expiresAt)
  return row!.id
}

const withdraw = `DELETE FROM shop_invitation i USING shop s WHERE i.id = $1 AND s.id = i.shop_id AND s.owner_id = $2
  RETURNING i.shop_id AS "shopId"`

/** Withdraws an invitation of an owner; gives its shop, if there was one. */
export async function withdrawInvitation(tx: Tx, id: string, ownerId: string): Promise<string | undefined> {
  const [gone] = await tx.$queryRawUnsafe<{ shopId: string }[]>(withdraw, id, ownerId)
  return gone?.shopId
}

/** An open invitation as its mail needs it. */
export interface InvitationToSend {
  readonly email: string
  /** The owner's language. */
  readonly language: string
}

const toSend = `UPDATE shop_invitation i SET token_hash = $2 FROM shop s JOIN account a ON a.id = s.owner_id
  WHERE i.id = $1 AND i.expires_at > $3 AND s.id = i.shop_id AND a.suspended_at IS NULL RETURNING i.email, a.language`

/** Gives an open invitation the token that its mail will carry. */
export async function giveToken(
  db: Tx,
  id: string,
  { hash, at }: { hash: string; at: Date },
): Promise<InvitationToSend | undefined> {
  const [invitation] = await db.$queryRawUnsafe<InvitationToSend[]>(toSend, id, hash, at)
  return invitation
}

/** The shop that a good token invites to: nobody who is suspended brings anybody in. */
export async function findInvited(db: Tx, hash: string, at: Date): Promise<string | undefined> {
  const where = { tokenHash: hash, expiresAt: { gt: at }, shop: { owner: { suspendedAt: null } } }
  return (await db.shopInvitation.findFirst({ where, select: { shopId: true } }))?.shopId
}

const use = `DELETE FROM shop_invitation i USING shop s JOIN account o ON o.id = s.owner_id
  WHERE i.token_hash = $1 AND i.expires_at > $2 AND s.id = i.shop_id AND o.suspended_at IS NULL
  RETURNING i.shop_id AS "shopId", s.owner_id AS "ownerId", i.email_key AS "emailKey"`

/** Uses an invitation up; gives its shop and where its mail went, if it was good. */
export async function useInvitation(tx: Tx, hash: string, at: Date) {
  const [used] = await tx.$queryRawUnsafe<{ shopId: string; ownerId: string; emailKey: string }[]>(use, hash, at)
  return used
}

const join = `INSERT INTO shop_member (shop_id, account_id, joined_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`

const toMember = `DELETE FROM shop_invitation i USING account a
  WHERE i.shop_id = $1 AND a.id = $2 AND i.email_key = a.email_key`

/** Withdraws what invites a member's own address, too: whoever is removed must not come back by it. */
export const withdrawInvitationTo = (
  tx: Tx,
  { shopId, accountId }: Pick<ShopMemberRow, 'shopId' | 'accountId'>,
): Promise<number> => tx.$executeRawUnsafe(toMember, shopId, accountId)

/** Says whether the account was not a member before. */
export const addMember = async (
  tx: Tx,
  { shopId, accountId, joinedAt }: Omit<ShopMemberRow, 'name' | 'email'>,
): Promise<boolean> => (await tx.$executeRawUnsafe(join, shopId, accountId, joinedAt)) > 0

/** Says whether the account was a member. */
export async function removeMember(tx: Tx, { shopId, accountId }: Pick<ShopMemberRow, 'shopId' | 'accountId'>): Promise<boolean> {
  const { count } = await tx.shopMember.deleteMany({ where: { shopId, accountId } })
  return count > 0
}
