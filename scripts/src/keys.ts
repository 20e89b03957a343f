import { generateKeys } from '@pasar/shared/identity/keys'

/** `npm run keys`: fresh keys for a fleet, as lines of an environment file. Keep them secret. */
for (const [name, value] of Object.entries(generateKeys())) console.log(`${name}=${value}`)
