/** Does work for one after another and sums up how much it was; what goes wrong with one keeps no other from it, and is told after the last one. */
export async function oneByOne(ids: readonly string[], run: (id: string) => Promise<number>): Promise<number> {
  let done = 0
  let failure: { readonly error: unknown } | undefined
  for (const id of ids) {
    try {
      done += await run(id)
    } catch (error) {
      failure ??= { error }
    }
  }
  if (failure) throw failure.error
  return done
}
