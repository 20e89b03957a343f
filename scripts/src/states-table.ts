import { deadlineKinds, deadlineRules, passingKept } from '@pasar/orders/domain/deadlines'
import { rowOf, transitionNames } from '@pasar/orders/domain/order-moves'
import { stateCodes } from '@pasar/orders/domain/order'
import { parcelWords } from '@pasar/orders/domain/parcel'
import { returnReasons } from '@pasar/orders/domain/refund-plan'
import { table, writeTables } from './tables/write-tables.ts'

/** `npm run states`: writes the tables and the picture of docs/after-sales.md from the tables that orders runs on; `--check` only compares. */
const rows = transitionNames.map((name) => ({ name, ...rowOf(name) }))
const code = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(' ')

/** What a person or the market does, as the edge of the picture says it. */
const labelOf = ({ move, event, by }: (typeof rows)[number]) =>
  by.includes('SYSTEM') && by.length === 1 ? event.toLowerCase().replaceAll('_', ' ') : (move ?? event)

function picture(): string {
  const edges = new Map<string, Set<string>>()
  for (const row of rows.filter(({ to }) => to !== 'SAME'))
    for (const from of row.from)
      for (const to of [row.to, ...(row.refunds ? ['CANCELLED'] : [])]) {
        const edge = `${from} --> ${to}`
        edges.set(edge, (edges.get(edge) ?? new Set()).add(labelOf(row)))
      }
  const lines = [...edges].map(([edge, labels]) => `  ${edge}: ${[...labels].join(', ')}`)
  return ['```mermaid', 'stateDiagram-v2', '  [*] --> AWAITING_PAYMENT', ...lines, '```'].join('\n')
}

const hour = 3_600_000
const texts = {
  picture: picture(),
  states: table(
    ['state', 'number', 'deadlines that run'],
    Object.entries(stateCodes).map(([state, number]) => {
      const running = Object.entries(deadlineRules).filter(([, { runsIn }]) => (runsIn as readonly string[]).includes(state))
      return [`\`${state}\``, String(number), code(running.map(([kind]) => kind))]
    }),
  ),
  moves: table(
    ['move', 'from', 'to', 'by', 'when', 'the API calls it'],
    rows.map(({ name, from, to, by, when, move, refunds }) => [
      `\`${name}\``,
      code(from),
      to === 'SAME' ? 'the same' : `\`${to}\`${refunds ? ', or `CANCELLED` where nothing is left' : ''}`,
      by.join(', ').toLowerCase(),
      when ? `\`${when}\`` : '',
      move ? `\`${move}\`` : '',
    ]),
  ),
  deadlines: table(
    ['deadline', 'hours', 'runs in', 'passed'],
    deadlineKinds.map((kind) => {
      const { withinMs, runsIn, passed } = deadlineRules[kind]
      const kept = passingKept(kind)
      return [
        `\`${kind}\``,
        String(withinMs / hour),
        code(runsIn),
        passed === 'endCheckout'
          ? 'the checkout ends'
          : `${code(passed)}${kept ? `, or ${code(kept)} where the buyer keeps what was to be sent back` : ''}`,
      ]
    }),
  ),
  parcels: table(
    ['way', 'word', 'what the order does, the first that it may'],
    Object.entries(parcelWords).flatMap(([way, words]) =>
      Object.entries(words).map(([word, names]) => [way.toLowerCase(), `\`${word}\``, code(names)]),
    ),
  ),
  reasons: table(
    ['reason of a return', 'the shipping goes back with the last of the goods', 'the way back is paid by'],
    Object.entries(returnReasons).map(([reason, { sellersFault, wayBackBorneBy }]) => [
      `\`${reason}\``,
      sellersFault ? 'yes' : 'no',
      wayBackBorneBy === 'SELLER' ? 'the seller' : 'the market',
    ]),
  ),
}

await writeTables('docs/after-sales.md', 'states', texts)
