import { derivedId, type Id } from '@pasar/shared/ids'
import type { ImportedPeople } from '@pasar/users/commands/import-people'
import type { SeedShop } from './catalogue.ts'
import { demoAccounts, secondSeller } from '@pasar/router/pages/demo-accounts'

const [buyer, seller, admin] = demoAccounts

const accountId = ({ email }: { readonly email: string }): Id<'account'> => derivedId('account', 'demo', email)

const owners = { seller, secondSeller } as const

/** The accounts whose passwords everyone knows. */
export const demoAccountIds = [...demoAccounts, secondSeller].map(accountId)

/** The account that is written last of all: where it is, the demo market is whole. */
export const lastAccountId = accountId(admin)

/** The id of a demo shop. */
export const shopIdOf = ({ slug }: Pick<SeedShop, 'slug'>): Id<'shop'> => derivedId('shop', 'demo', slug)

const account = ({ email, password }: { readonly email: string; readonly password: string }, name: string) => ({
  id: accountId({ email }),
  email,
  name,
  password,
})

/** The accounts, the buyer's address and the shops of the demo market. */
export const seedPeople = (shops: readonly SeedShop[]): ImportedPeople => ({
  accounts: [
    account(buyer, 'Budi Santoso'),
    account(seller, 'Rina Kartika'),
    account(secondSeller, 'Suharti Wibowo'),
    { ...account(admin, 'Admin Pasar'), roles: ['admin'] },
  ],
  addresses: [
    {
      id: derivedId('address', 'demo', buyer.email),
      accountId: accountId(buyer),
      label: 'Rumah',
      recipient: 'Budi Santoso',
      phone: '+6281234567890',
      street: 'Jalan Tebet Barat Dalam Raya No. 24, RT 3/RW 5',
      districtCode: '31.74.01',
      postalCode: '12810',
    },
  ],
  shops: shops.map(({ slug, owner, name, description, districtCode }) => ({
    id: shopIdOf({ slug }),
    ownerId: accountId(owners[owner]),
    slug,
    name,
    description,
    regencyCode: districtCode.slice(0, 5),
  })),
})
