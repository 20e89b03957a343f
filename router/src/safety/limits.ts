/** Every number that bounds what a client may ask of the router, with the reason for its value. Times end in their unit. */
export const routerLimits = {
  /** The longest operation of the playground's examples has a little over a hundred; parsing 2,000 takes 2 ms. */
  tokensMax: 2_000,
  /** Fields and fragments of the operation with all fragments written out: what planning and authorization walk through. */
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
  /** A client's name for a field stands in every object of the answer, and its name for the operation in figures and logs: ours have at most 45. */
  nameCharactersMax: 100,
  /** Of an answer while it is written: where one long text stands in many places, parts that are short come to more than a process holds. */
  answerCharactersMax: 16 * 1024 * 1024,
  /** The planner checks a written value twice per level where a list is expected: 80 bytes, 25 deep, would block the process for minutes. */
  writtenValueDepthMax: 10,
  /** No input of the market nests deeper than five objects. */
  variablesDepthMax: 20,
  /** Validation stops here: a client mends the first few, and each costs time. */
  validationErrorsMax: 10,
  /** Of what is said of each of them: graphql-js repeats a wrong value in it, and the whole object of a field that it does not know. */
  errorCharactersMax: 500,
  /** Characters of accepted operations that are kept parsed and checked: about a thousand, at most 75 MB when parsed; one of more than a sixteenth is not kept. */
  preparedCharactersMax: 512 * 1024,
  /** New operations that wait, each for a turn of the event loop of its own: a second or two. */
  newOperationsWaitingMax: 1_000,
  /** An operation with its variables is a few kB; sockets carry nothing else. */
  socketMessageBytesMax: 64 * 1024,
  /** Of a message that asks for nothing: a hello holds what a request has in its headers, of which Node takes as much. */
  socketOtherCharactersMax: 16 * 1024,
  /** Clients name their operations by a number or a UUID, and each name is held in several places as long as its operation runs. */
  operationIdCharactersMax: 128,
  /** Of its text with its variables, which are held as long as it runs: following a hundred variants takes 3,400 beside a text of a thousand. */
  subscriptionCharactersMax: 8_000,
  /** A variable for `after` is not counted in the above up to this: the market's cursors have at most 22. */
  cursorCharactersMax: 200,
  /** A storefront page follows a handful of things; a seller's dashboard a few dozen. */
  operationsPerSocketMax: 50,
  /** Sockets and event streams of one account: the staff of a shop share one, each with a few tabs and a telephone. */
  connectionsPerAccountMax: 50,
  /** Subscriptions of one account: each may be a stream of its own in a subgraph, which looks into its log every few seconds. */
  subscriptionsPerAccountMax: 200,
  /** Of one address, whoever signs in on them: mobile networks and offices put thousands of people behind one. */
  connectionsPerAddressMax: 2_000,
  /** Of one address's guests; an account's count as its own. */
  subscriptionsPerAddressMax: 4_000,
  /** Of everybody together: an idle socket with a subscription holds about 20 kB. */
  connectionsMax: 10_000,
  subscriptionsMax: 20_000,
  /** Frames that wait for a client: a minute of a busy shop; who is further behind comes back with a cursor. */
  framesWaitingMax: 128,
  /** Characters of the same: a frame is a few kB, and the slow clients of a whole market must fit into memory. */
  framesWaitingCharactersMax: 512 * 1024,
  /** Bytes on their way into a socket before its next frame waits: about what a connection's own buffers hold. */
  socketBufferedBytesMax: 64 * 1024,
  /** A client that takes nothing for so long is gone, or might as well be. */
  stalledMs: 30_000,
  /** Events that wait until the rest of their frames is fetched; while all frames of a stream are behind, it is not read on. */
  eventsWaitingMax: 32,
  /** Frames that are handed out before others get their turn. */
  deliveriesAtOnceMax: 200,
  /** A subgraph that restarts is back within seconds; whose stream is not by then is told to come again. */
  reattachMs: 15_000,
  /** Sessions of open connections are looked up this often: two misses still end a revoked one within half a minute. */
  sessionCheckMs: 10_000,
  /** Sessions that were ended and accounts whose rights have changed, until their tokens are over: at 150 bytes each. Each session took users the hash of a password. */
  voidTokensMax: 100_000,
  /** A connection whose account has other rights by now goes on for so long: what is answered over it may hold the token with them. */
  changedRightsMs: 500,
  /** A key of access tokens that was taken away, because somebody else has it, is believed no longer than this and a viewer's token live. */
  keysReadMs: 30_000,
  /** Proxies cut a response that is silent for half a minute to a minute. */
  streamHeartbeatMs: 12_000,
  /** Fetches in a row without any answer, after which a subgraph is left alone: a restart loses a handful. */
  breakerFailures: 10,
  /** A subgraph that is left alone is tried again this often. */
  breakerOpenMs: 1_000,
  /** Characters of operations that clients have named by a hash: a few hundred, the ones used last; one of more than a sixteenth is not kept. */
  persistedCharactersMax: 512 * 1024,
  /** Bytes of what is kept for everyone in memory: about 40,000 products or 5,000 pages, a tenth of what a router may take in all. */
  cacheBytesMax: 24 * 1024 * 1024,
  /** A product with a page of reviews is 20 kB; what is larger is cheaper to fetch than it is to keep. */
  cacheEntryBytesMax: 64 * 1024,
  /** What events drop lives at least so long without one: time is there only for an event that got lost. */
  cacheBackstopMs: 60_000,
  /** In Redis, which holds the market's events as well and must not run full: at a few kB each about as much as one router keeps in memory. */
  cacheEntriesMax: 20_000,
  /** Of the same: all lists of products go with one event, and dropping so many takes Redis a few milliseconds. */
  cacheEntriesOfTagMax: 5_000,
  /** Who has changed something reads past the same router's cache for so long: by then its event has arrived everywhere. */
  ownWritesMs: 2_000,
  /** Ids of those, at 30 characters each. */
  recentWritersCharactersMax: 64 * 1024,
  /** What one check found is told to everyone who asks whether the market is ready, for so long: a check asks every database. */
  readyCheckMs: 1_000,
  /** Who has a socket but nothing to say gives it back. */
  connectionInitMs: 3_000,
  /** How long a client that is cut off has to take its last word, and to close its side when the router stops. */
  socketGoodbyeMs: 2_000,
  /** A socket that does not answer a ping within this time is dead. */
  socketPingMs: 12_000,
} as const

/** Mutations by which somebody could guess a secret. A refresh token cannot be guessed, and thousands behind one address refresh theirs. */
export const sensitiveMutations: ReadonlySet<string> = new Set([
  'signIn',
  'changePassword',
  'changeEmail',
  'eraseMe',
  'register',
  'requestPasswordReset',
  'resetPassword',
])
