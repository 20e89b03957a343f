export { openDatabase } from '@pasar/prisma-carts/client'
