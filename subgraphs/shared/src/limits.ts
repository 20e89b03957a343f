/** Every number that bounds the system, in one place, with the reason for its value. Times end in their unit. */
export const limits = {
  /** What a list returns when nobody says how much: one screen of a phone app. */
  pageSizeDefault: 20,
  /** Twice the longest list any client shows; a page is one round trip to PostgreSQL. */
  pageSizeMax: 100,
  /** Nobody reads a larger number: rows of a list that are counted, or that a search in it looks through. */
  listWindowMax: 10_000,
  /** A batch larger than this is split: PostgreSQL plans long ANY lists badly. */
  loaderBatchMax: 1000,
  /** An operation with its variables is a few kB; a body larger than this is not an operation. */
  bodyBytesMax: 256 * 1024,
  /** The longest text a person writes in one field (a product's description). */
  textCharactersMax: 5_000,
  /** Names, titles, subjects. */
  nameCharactersMax: 200,
  /** A search box, not an essay. */
  searchCharactersMax: 100,
  /** A reason that staff give for the audit log is a sentence, not a report. */
  reasonCharactersMax: 500,
  /** Stripe's limit; a UUID needs 36. */
  idempotencyKeyCharactersMax: 255,
  /** Outcomes are kept this long, so that a retry of yesterday's click is still answered with its outcome. */
  idempotencyKeptHours: 48,
  /** Published events stay readable this long: a client may resume. */
  eventsKeptDays: 30,
  /** Longer than any subgraph may be away: events leave Redis by their age and not by their number, read or not; a lost Redis is refilled so far. */
  streamsKeptDays: 7,
  /** A cart larger than this is a script, not a shopper. */
  cartLinesMax: 200,
  /** More of one SKU than this in a cart is a wholesale deal, made outside a cart. */
  cartQuantityMax: 999,
  /** Checkouts that one process works on at the same time for buyers who wait: more would only wait for its database connections. */
  checkoutsAtOnce: 16,
  /** Buyers who may wait for that; whoever is further back in the line is told to come again. */
  checkoutsWaitingMax: 2_000,
  /** And for how long: the router gives up soon after. */
  checkoutsWaitingMs: 7_500,
  /** From pressing to an answer, waiting included: a checkout that takes longer goes on by itself. */
  checkoutAnswerMs: 9_000,
  /** How long a buyer who did not wait is kept waiting for a checkout before being told that it goes on by itself. */
  checkoutWorkMs: 5_000,
  /** Carts in line that are looked at together. */
  checkoutLooksMax: 200,
  /** How often a transaction that lost against another one is tried again. */
  transactionAttemptsMax: 6,
  /** How often an event is handed to a consumer before it is parked. */
  deliveryAttemptsMax: 8,
  /** Events that a relay publishes in one transaction. */
  relayBatchMax: 200,
  /** How soon a relay looks again for events that another replica committed. */
  relayPollMs: 200,
  /** How long due work that each commit wakes rests between two runs: what happens meanwhile is done in one go, and nobody sees the delay. */
  wakeRestMs: 20,
  /** How soon it is noticed, while nothing happens, that a bus has lost events. */
  busCheckMs: 5_000,
  /** Redis answers within milliseconds; one that is silent for this long is away. */
  redisAnswerMs: 2_000,
  /** How long a parked event rests before it is handed over again. */
  parkedRestMs: 60_000,
  /** How often deadlines, sagas and other due work are looked for. */
  duePollMs: 500,
  /** How often outcomes, events and inbox rows that are over their time are removed. */
  housekeepingMs: 600_000,
  /** A saga's worker must write or renew within this time, else another replica takes over. */
  leaseMs: 5_000,
  /** How often it renews while a participant takes long: twice may fail. */
  leaseRenewMs: 1_500,
  /** A signed viewer context is good for this long. */
  viewerTokenSeconds: 30,
  /** Access tokens: short, because they are not looked up. */
  accessTokenMinutes: 10,
  /** What ends access tokens before their time is remembered for their life and a minute more: clocks differ. */
  voidTokensMinutes: 11,
  /** A session that is not used for this long ends. */
  refreshTokenDays: 30,
  /** More devices than a household has: of more sessions than this, those that were unused for the longest end. */
  sessionsPerAccountMax: 50,
  /** NIST SP 800-63B asks for at least 8; ten makes the commonest lists useless. */
  passwordCharactersMin: 10,
  /** Longer than any password manager makes them; hashing has a price. */
  passwordCharactersMax: 128,
  /** Each hash takes a core and 19 MiB; more at once would starve everything else on a small machine. */
  passwordHashesAtOnce: 2,
  /** Whoever is further back in the line is told to come again. */
  passwordHashesWaitingMax: 200,
  /** Wrong passwords per e-mail address and window. */
  signInFailuresMax: 5,
  /** The window of the above. */
  signInWindowMinutes: 15,
  /** A token in a mail is good for this long. */
  resetTokenMinutes: 30,
  /** A token that proves an address is good for a day: people look into a new mailbox, but not at once. */
  emailProofHours: 24,
  /** Addresses that one account may ask to have: each gets a mail, and may be a stranger's. */
  emailChangesPerDayMax: 5,
  /** Mails of one kind to one address and hour: strangers can cause them. */
  mailsPerHourMax: 3,
  /** A lost reply may be asked for again with the token before it for this long. */
  refreshRetrySeconds: 10,
  /** How often sending the mail of a reset is tried, whoever still wants it asks again, and any mail whose address is refused for good. */
  mailAttemptsMax: 8,
  /** For how long other mails are tried: the owner must hear of them, also when the mail server was away over a weekend. */
  mailNoticeDays: 5,
  /** An address book larger than this is a customer list. */
  addressesMax: 50,
  /** They travel in every access token of their owner. */
  shopsPerAccountMax: 10,
  /** People who help in a shop, and invitations to do so that are open: a larger business has systems of its own. */
  shopMembersMax: 20,
  /** Shops of others that an account helps in; they travel in its access tokens, too. */
  helpedShopsMax: 10,
  /** Long enough for a week off. */
  shopInvitationDays: 7,
  /** Mails that one shop causes. */
  shopInvitationsPerDayMax: 20,
  /** To one e-mail address, by all shops together: so many as one account may help in. */
  shopInvitationsToAddressPerDayMax: 10,
  /** What happened a quarter of a year ago stands in the order; nobody looks for it among what is new. */
  notificationsKeptDays: 90,
  /** Nobody reads a larger number on a bell. */
  notificationsCountedMax: 100,
  /** How long the router waits for a subgraph before it answers with an error. */
  subgraphTimeoutMs: 10_000,
  /** Connections of one process to one subgraph. */
  subgraphConnectionsMax: 64,
  /** Operations that begin in one turn of the event loop, at about a millisecond each: what was begun waits no longer than for these. */
  operationsPerTurnMax: 16,
  /** Operations that wait to be begun, each for a turn of the event loop: further back in the line nobody's client waits any more. */
  operationsWaitingMax: 10_000,
  /** Fetches on their way to one subgraph: what is beyond this would time out in the queue, and is told at once. */
  subgraphFetchesMax: 2_000,
  /** What a router may ask of a subgraph at once: as many entities as an answer may hold, by their ids and what fields of others need of them. */
  subgraphRequestBytesMax: 10 * 1024 * 1024,
  /** A subgraph's answer larger than this is a fault. */
  subgraphResponseBytesMax: 10 * 1024 * 1024,
  /** Objects in the lists of one answer: a hundred orders of two hundred lines each, and more stop a process for too long. */
  answerEntriesMax: 25_000,
  /** Bytes of the same, about: what fits into the above with all that JSON escapes. Nobody reads a thousand of the longest descriptions. */
  answerBytesMax: 5_000_000,
  /** Fields of one answer that may fail each with an error of its own: a page of a hundred things, each with ten. More come to more bytes than an answer may have. */
  answerErrorsMax: 1_000,
  /** How soon a subgraph must have taken up a subscription's socket: one that stands still never does. */
  upstreamOpenMs: 5_000,
  /** How often a router asks a subgraph whether a quiet subscription's socket still lives. */
  upstreamPingMs: 10_000,
  /** How long the answer may take; a subgraph that is busy answers late, one that is gone never. */
  upstreamPongMs: 5_000,
  /** Events of one subscription that a router has taken and not yet used; the rest waits in the subgraph's log. */
  upstreamReadyMax: 32,
  /** Connections of one subgraph process to its database. */
  databaseConnectionsMax: 10,
  /** As long as a transaction may take: a connection that leaves a statement unanswered for longer is given up. */
  databaseAnswerMs: 30_000,
  /** How long a stopping process waits for requests in flight. */
  drainMs: 10_000,
  /** A lost wake-up delays a live event by at most this. */
  livePollMs: 5_000,
  /** Events that are read from the log in one step of a live stream. */
  liveBatchMax: 100,
} as const
