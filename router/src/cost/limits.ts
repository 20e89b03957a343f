/** What clients may spend, and the reason for each number. Settings of the environment go before the three per minute. */
export const costLimits = {
  /** A page of 100 orders with all that a seller's dashboard shows costs about 8,000; above this an operation is a copy of the market. */
  operationMax: 10_000,
  /** What a refused operation takes from the budget: reading one costs as much as a small page. */
  refused: 10,
  /** What an operation takes besides its cost that the router does not know yet: it is read as one that is refused, and planned. */
  unknown: 10,
  /** What an admitted operation takes at least: also one that asks for no object comes and is answered. */
  admittedMin: 1,
  /** Longer lists in an argument are work of a machine: no input of the market has more than 200 entries. */
  listArgumentMax: 200,
  /** Budgets that are remembered, of what viewers ask and of what they follow; who is forgotten begins with a full one. */
  viewersMax: 50_000,
  /** How often a fleet's routers tell each other what was spent. */
  settleMs: 250,
} as const
