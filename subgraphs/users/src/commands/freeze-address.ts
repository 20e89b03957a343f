import { idParser } from '@pasar/shared/ids'
import { problem } from '@pasar/shared/problems'
import type { UsersContext } from '../context.ts'
import { regencyCodeOf } from '../domain/address.ts'
import type { UsersFreezeAddressInput } from '../generated/resolvers.ts'
import { findOwnAddress } from '../store/addresses.ts'

export async function freezeAddress({ db }: UsersContext, input: UsersFreezeAddressInput) {
  idParser('checkout')(input.checkoutId, 'checkoutId')
  const accountId = idParser('account')(input.accountId, 'accountId')
  const address = await findOwnAddress(db, { id: idParser('address')(input.addressId, 'addressId'), accountId })
  if (!address) return problem('UsersAddressUnknown', {})
  const { recipient: name, phone, street, districtCode, postalCode } = address
  return {
    __typename: 'UsersAddressFrozen',
    name,
    phone,
    street,
    districtCode,
    regencyCode: regencyCodeOf(districtCode),
    postalCode,
  } as const
}
