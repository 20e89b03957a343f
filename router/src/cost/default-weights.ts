/** What selecting something costs where the schema does not say it by `@cost`, and how long a list is where nothing says that. */
export const defaultWeights = {
  /** An object is fetched, merged and written. */
  object: 1,
  /** A leaf comes with its object. */
  leaf: 0,
  /** An argument or input field is read once. */
  input: 0,
  /** A mutation opens a transaction and publishes events. */
  mutation: 10,
  /** A subscription opens a stream at a subgraph. */
  subscription: 10,
  /** Describing a part of the schema takes milliseconds and no subgraph. */
  introspection: 100,
  /** As many as a page has when nobody says how many; see pageSizeDefault of the shared limits. */
  listSize: 20,
} as const

/** Arguments that say how long a list is, by our convention and Relay's, where no `@listSize` names others. */
export const pageArguments: readonly string[] = ['first', 'last']

/** Fields of a page that are its list, by the same convention. */
export const pageFields: readonly string[] = ['edges', 'nodes']
