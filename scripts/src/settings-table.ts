import type { Setting } from '@pasar/shared/process/setting-kinds'
import { settings } from '@pasar/shared/process/settings'
import { table, writeTables } from './tables/write-tables.ts'

/** `npm run settings`: writes the table of docs/settings.md from the code that reads them; `--check` only compares. */
const rows = Object.entries<Setting<unknown>>(settings).map(([name, { shown, readBy, doc }]) => [
  `\`${name}\``,
  shown === '' ? '' : `\`${shown}\``,
  readBy,
  doc,
])
await writeTables('docs/settings.md', 'settings', { settings: table(['setting', 'default', 'read by', 'meaning'], rows) })
