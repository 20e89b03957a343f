import { presentWork } from '../points.ts'

/** Calls that are made together where they come at the same moment. */
export interface TogetherOptions<In, Out> {
  /** Of how many calls one run takes care at most. */
  readonly most: number
  /** Calls of one key share a run. */
  readonly key: (input: In) => string
  /** One answer for each input, in their order. */
  readonly run: (inputs: readonly In[]) => Promise<readonly Out[]>
}

interface Waiting<In, Out> {
  readonly input: In
  readonly resolve: (answer: Out) => void
  readonly reject: (error: unknown) => void
}

/**
 * Makes calls of one key together: the first one at once, those that come while it is under way in one run after it. So nobody waits for
 * company, and nobody is answered from a run that began before the call.
 */
export function openTogether<In, Out>({ most, key: keyOf, run }: TogetherOptions<In, Out>): (input: In) => Promise<Out> {
  const lines = new Map<string, Waiting<In, Out>[]>()
  const serve = async (some: readonly Waiting<In, Out>[]) => {
    try {
      const answers = await run(some.map(({ input }) => input))
      some.forEach(({ resolve }, index) => resolve(answers[index]!))
    } catch (error) {
      for (const { reject } of some) reject(error)
    }
  }
  const drain = async (key: string, line: Waiting<In, Out>[]) => {
    while (line.length > 0) await serve(line.splice(0, most))
    lines.delete(key)
  }
  return async (input) => {
    // Work with boundaries goes by itself: its death is nobody else's.
    if (presentWork()) return (await run([input]))[0]!
    return new Promise<Out>((resolve, reject) => {
      const key = keyOf(input)
      const waiting = { input, resolve, reject }
      const line = lines.get(key)
      if (line) {
        line.push(waiting)
      } else {
        const begun = [waiting]
        lines.set(key, begun)
        void drain(key, begun)
      }
    })
  }
}
