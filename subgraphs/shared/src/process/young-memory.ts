import { setFlagsFromString } from 'node:v8'

/**
 * A process of the market has one core's worth of work: to share the collection of what is young among threads costs it a tenth of its time.
 * To be imported first by what is a process of its own.
 */
setFlagsFromString('--no-parallel-scavenge')

/**
 * What a process parses while it starts is schemas, and stays. V8 would learn from them that what the parser makes is old at once: a part of
 * every operation would lie in the old memory then, and keep all of it until that is collected, which stops a process for a tenth of a second.
 */
setFlagsFromString('--no-allocation-site-pretenuring')
