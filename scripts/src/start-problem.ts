/** A reason why the market cannot start, in one sentence for the person at the terminal: print the message, never the stack. */
export class StartProblem extends Error {
  override readonly name = 'StartProblem'
}

const reasons: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  ENOTDIR: 'a part of the path is not a folder',
}

/** Runs `work`, which writes below `folder`, and turns the failures that a person can mend into a sentence. */
export async function writingTo<T>(folder: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const reason = reasons[(error as NodeJS.ErrnoException).code ?? '']
    if (reason === undefined) throw error
    throw new StartProblem(
      `Pasar cannot write to ${folder}: ${reason}. Give your account the right to write there, then start again.`,
    )
  }
}
