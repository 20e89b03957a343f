const common = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  shared_buffers: '128MB',
  // Two cores serve many short statements; spreading one over both only delays the others (and needs shared memory that containers lack).
  max_parallel_workers_per_gather: 0,
  // Nothing replicates from here.
  wal_level: 'minimal',
  max_wal_senders: 0,
  max_wal_size: '512MB',
  random_page_cost: 1.1,
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] %d ',
  log_checkpoints: 'off',
  // The details of an error may be a whole row, with somebody's name and address; the statement stands there without its values.
  log_error_verbosity: 'terse',
}

/** A throwaway server's data need not outlive it, so nothing waits for the disk, and nobody guesses its passwords, so connecting is cheap. */
const throwaway = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', scram_iterations: 1 }

/**
 * A throwaway server that is ended at once on purpose must have handed every commit to the operating system. It is started thousands of
 * times and never grows old: what only costs time at each start is left away.
 */
const crashing = {
  ...throwaway,
  synchronous_commit: 'on',
  // Shared memory is made anew each time: less of it for locks that nobody takes.
  max_connections: 100,
  max_locks_per_transaction: 32,
  max_pred_locks_per_transaction: 10,
  shared_buffers: '16MB',
  // What is looked through after each end, and lies in memory where there is room.
  max_wal_size: '128MB',
  io_method: 'sync',
  autovacuum: 'off',
  max_logical_replication_workers: 0,
  max_worker_processes: 0,
  wal_init_zero: 'off',
  track_counts: 'off',
  // Connections do not live long there: each statement is planned once for each of them, and not five times.
  plan_cache_mode: 'force_generic_plan',
}

const byMode = { durable: {}, throwaway, crashing }

/** PostgreSQL's settings for a small machine, as arguments. */
export const settings = ({ port, mode }: { port: number; mode: keyof typeof byMode }): string[] =>
  Object.entries({ port, ...common, ...byMode[mode] }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
