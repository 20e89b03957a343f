import { byKey, byKeyOf, clearable } from '@pasar/shared/subgraph/loader'
import type { SqlSeam } from '@pasar/shared/postgres/seam'
import { findContents, type Content } from './store/content.ts'
import { findGroups } from './store/groups.ts'
import { findLines } from './store/lines.ts'

/** Fresh loaders: one statement for all carts, groups or lines that one step of a request asks for. */
export function openLoaders(db: SqlSeam) {
  const loaders = clearable({
    content: byKeyOf(
      (ids) => findContents(db, ids),
      ({ cart }) => cart.id,
    ),
    group: byKey((ids) => findGroups(db, ids), 'id'),
    line: byKey((ids) => findLines(db, ids), 'id'),
  })
  return {
    ...loaders,
    /** Takes what was just read, or written, for what is there. */
    know: (content: Content) => void loaders.content.clear(content.cart.id).prime(content.cart.id, content),
  }
}

/** Loaders of one request; see openLoaders. */
export type Loaders = ReturnType<typeof openLoaders>
