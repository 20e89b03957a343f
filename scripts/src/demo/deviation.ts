/** Something in the story went another way than it must: the message is one sentence for the person who plays it. */
export class Deviation extends Error {
  override readonly name = 'Deviation'
}

/** Ends the story with a sentence unless the condition holds. */
export function expectThat(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Deviation(sentence)
}
