import { demoAccounts, secondSeller } from '@pasar/router/pages/demo-accounts'
import type { Cast } from './stage.ts'

const [, seller, admin] = demoAccounts

/** The demo market's own people who play along. */
export const demoCast: Cast = { sellers: [seller, secondSeller], admin }
