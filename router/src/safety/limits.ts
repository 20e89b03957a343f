/** Every number that bounds what a client may ask of the router, with the reason for its value. Times end in their unit. */
export const routerLimits = {
  /** The longest operation of the playground's examples has about 600; parsing 2,000 takes 2 ms. */
  tokensMax: 2_000,
  /** Fields of the operation with its fragments written out: what planning and authorization walk through. */
  selectionsMax: 2_000,
  /** A page of orders with lines, variants, products and shops is 12 deep. */
  depthMax: 20,
  /** A dashboard asks one field a few times with other arguments; more is guessing. */
  aliasesMax: 30,
  /** One screen needs a handful of root fields. */
  rootFieldsMax: 15,
  /** Clients use `@include` and `@skip` on a few fields. */
  directivesMax: 50,
  /** A password is tried once per operation, so that limits on requests are limits on tries. */
  sensitiveMutationsMax: 1,
  /** The planner checks a written value twice per level where a list is expected: 80 bytes, 25 deep, would block the process for minutes. */
  writtenValueDepthMax: 10,
  /** No input of the market nests deeper than five objects. */
  variablesDepthMax: 20,
  /** Validation stops here: a client mends the first few, and each costs time. */
  validationErrorsMax: 10,
  /** Characters of accepted operations that are kept parsed and checked: about a thousand operations, at most 50 MB when parsed. */
  preparedCharactersMax: 512 * 1024,
  /** An operation with its variables is a few kB; sockets carry nothing else. */
  socketMessageBytesMax: 64 * 1024,
  /** A storefront page follows a handful of things; a seller's dashboard a few dozen. */
  operationsPerSocketMax: 50,
  /** Bytes of public entities that are kept in memory: about 40,000 products, a tenth of what a router may take in all. */
  cacheBytesMax: 24 * 1024 * 1024,
  /** A product with a page of reviews is 20 kB; what is larger is cheaper to fetch than it is to keep. */
  cacheEntryBytesMax: 64 * 1024,
  /** Who has changed something reads past the cache for so long: by then its event has arrived everywhere. */
  ownWritesMs: 2_000,
  /** Ids of those, at 30 characters each. */
  recentWritersCharactersMax: 64 * 1024,
  /** Who has a socket but nothing to say gives it back. */
  connectionInitMs: 3_000,
  /** How long a stopping router waits for the other side to close a socket. */
  socketGoodbyeMs: 2_000,
  /** A socket that does not answer a ping within this time is dead. */
  socketPingMs: 12_000,
} as const

/** Mutations by which somebody could guess a secret. */
export const sensitiveMutations: ReadonlySet<string> = new Set([
  'signIn',
  'changePassword',
  'register',
  'requestPasswordReset',
  'resetPassword',
  'refreshSession',
])
