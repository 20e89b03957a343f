import { limits } from '@pasar/shared/limits'
import { NotSignedIn } from '@pasar/shared/problems'
import { requireAccount } from '@pasar/shared/identity/viewer'
import type { UsersContext } from '../context.ts'
import { parsePhone } from '../domain/phone.ts'
import { parseText } from '../domain/text.ts'
import type { ChangeProfileInput } from '../generated/resolvers.ts'
import { localeOf } from '../language.ts'
import { updateProfile } from '../store/accounts.ts'

export async function changeProfile({ viewer, transaction }: UsersContext, { name, phone, language }: ChangeProfileInput) {
  const { accountId } = requireAccount(viewer)
  const change = {
    ...(name != null && { name: parseText(name, { field: 'name', max: limits.nameCharactersMax }) }),
    ...(phone != null && { phone: phone.trim() === '' ? null : parsePhone(phone) }),
    ...(language != null && { language: localeOf(language) }),
  }
  if (!(await transaction((tx) => updateProfile(tx, accountId, change)))) throw new NotSignedIn()
  return { __typename: 'ChangeProfileSuccess', accountId } as const
}
