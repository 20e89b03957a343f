import { setFlagsFromString } from 'node:v8'

/**
 * A process of the market has one core's worth of work: to share the collection of what is young among threads costs it a tenth of its time.
 * To be imported first by what is a process of its own.
 */
setFlagsFromString('--no-parallel-scavenge')
