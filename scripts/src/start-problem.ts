/** A reason why the market cannot start, in one sentence for the person at the terminal: print the message, never the stack. */
export class StartProblem extends Error {
  override readonly name = 'StartProblem'
}

const mayNot = 'Give your account the right to write there'
const noRoom = 'Make room there'

/** What is wrong, and what a person does about it. */
const faults: Readonly<Record<string, readonly [reason: string, remedy: string]>> = {
  EACCES: ['permission denied', mayNot],
  EPERM: ['not permitted', mayNot],
  EROFS: ['the file system is read-only', 'Make it writable'],
  ENOSPC: ['the disk is full', noRoom],
  EDQUOT: ['the disk quota is used up', noRoom],
  ENOTDIR: ['a part of the path is not a folder', 'Put that right'],
}

/** Runs `work`, which writes below `folder`, and turns the failures that a person can mend into a sentence. */
export async function writingTo<T>(folder: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const fault = faults[(error as NodeJS.ErrnoException).code ?? '']
    if (!fault) throw error
    const [reason, remedy] = fault
    throw new StartProblem(`Pasar cannot write to ${folder}: ${reason}. ${remedy}, then start again.`)
  }
}
