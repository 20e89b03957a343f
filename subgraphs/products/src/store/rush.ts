import type { SqlSeam } from '@pasar/shared/postgres/seam'
import type { Send } from '@pasar/shared/postgres/statement'
import { openTogether } from '@pasar/shared/flow/together'
import type { Transaction } from '@pasar/shared/postgres/transaction'
import { bounds } from '../domain/bounds.ts'
import type { Line, Stocktake } from '../domain/reserve-plan.ts'
import { goesAcross, holdAcross } from './hold-across.ts'
import { holdOnSale, shelfOnSale, type SaleAnswer, type SaleHold } from './hold-on-sale.ts'
import { hold, type NewHold } from './hold.ts'
import { holdTogether, shelfOf, type Hold } from './hold-together.ts'
import { lookAround } from './stocktake.ts'
import { layUnitsOut } from './units.ts'

/**
 * How reservations that come at the same moment reach the shelves: they share a look, and the statement that takes from the counters. Whoever
 * gets nothing there, and whoever wants units that lie ready, takes together with those who want of the same shelf, waiting for its turn.
 * Everything else goes by itself. What is sold in a flash sale with a limit is taken in a transaction with the sale's units.
 */
export function openRush(send: Send, transaction: Transaction<SqlSeam>) {
  const look = openTogether<readonly Line[], Stocktake>({
    most: bounds.holdsTogetherMax,
    key: (lines) => (lines.length > bounds.linesTogetherMax ? JSON.stringify(lines) : ''),
    run: (some) => lookAround(send, some),
  })
  const atOnce = openTogether<NewHold, boolean>({
    most: bounds.holdsTogetherMax,
    key: () => '',
    run: (ones) => holdAcross(send, ones),
  })
  const holdOfShelf = openTogether<Hold & { readonly shelf: string }, boolean>({
    most: bounds.holdsTogetherMax,
    key: ({ shelf }) => shelf,
    run: async (holds) => {
      const [first, ...others] = holds
      return others.length > 0 ? holdTogether(send, holds) : [await hold(send, first!.one, first!)]
    },
  })
  const onSale = openTogether<SaleHold, SaleAnswer>({
    most: bounds.holdsTogetherMax,
    key: shelfOnSale,
    run: (holds) => holdOnSale(transaction, holds),
  })
  const layOut = openTogether<readonly string[], number>({
    most: bounds.holdsTogetherMax,
    key: (variantIds) => variantIds.join(' '),
    run: async (same) => {
      const units = await layUnitsOut(send, same[0]!)
      return same.map(() => units)
    },
  })
  return {
    look,
    layOut,
    holdOnSale: onSale,
    /** Holds units for a checkout, with all that is written of it; says whether it could. */
    hold: async (asked: Hold): Promise<boolean> => {
      if (!asked.wait && goesAcross(asked.one) && (await atOnce(asked.one))) return true
      const shelf = shelfOf(asked)
      return shelf === undefined ? hold(send, asked.one, asked) : holdOfShelf({ ...asked, shelf })
    },
  }
}

/** The way to the shelves; see openRush. */
export type Rush = ReturnType<typeof openRush>
