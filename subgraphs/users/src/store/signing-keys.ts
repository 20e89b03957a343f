import type { Tx } from './database.ts'

const purpose = 'access-token'

/** The key in the database; the first process that needs one puts its proposal there, all others get that one. */
export async function keepSigningKey(db: Tx, proposal: () => string, at: Date): Promise<string> {
  const kept = await db.signingKey.findUnique({ where: { purpose } })
  if (kept) return kept.privateKey
  await db.signingKey.createMany({ data: [{ purpose, privateKey: proposal(), createdAt: at }], skipDuplicates: true })
  return (await db.signingKey.findUniqueOrThrow({ where: { purpose } })).privateKey
}
