import type { GraphQLFormattedError } from 'graphql'
import type { EntityQuestion } from './entity-question.ts'
import type { Batches, Execution, JsonObject, SendFetch, SubgraphAnswer } from './execution.ts'
import { compileLists, type WriteLists } from './fetch-body.ts'
import { entitiesName, joinQuestions, representationsName } from './joined-question.ts'

interface Asked {
  readonly question: EntityQuestion
  readonly representations: readonly string[]
  resolve(answer: SubgraphAnswer): void
  reject(error: unknown): void
}

interface Joined {
  readonly query: string
  readonly write: WriteLists
}

/** Joined questions of one operation, made when they are first met; null where they cannot be joined. */
export type JoinedQuestions = Map<string, Joined | null>

/**
 * Sends what one run asks a subgraph at one moment as one request. A moment lasts until nothing is left to do but to wait, so that
 * everything which an answer sets going goes out together. A class, because closures are made anew for each run.
 */
export class OpenBatches implements Batches {
  readonly #send: SendFetch
  readonly variables: Execution['variables']
  readonly #known: JoinedQuestions
  #waiting = new Map<string, Asked[]>()

  constructor(send: SendFetch, variables: Execution['variables'], known: JoinedQuestions) {
    this.#send = send
    this.variables = variables
    this.#known = known
  }

  ask(question: EntityQuestion, representations: readonly string[]): Promise<SubgraphAnswer> {
    return new Promise((resolve, reject) => {
      const asked: Asked = { question, representations, resolve, reject }
      const others = this.#waiting.get(question.subgraph)
      if (others) others.push(asked)
      else this.#waiting.set(question.subgraph, [asked])
      if (this.#waiting.size === 1 && !others) process.nextTick(flush, this)
    })
  }

  flush(): void {
    const waiting = this.#waiting
    this.#waiting = new Map()
    for (const asked of waiting.values()) this.#sendTogether(asked)
  }

  #sendTogether(asked: readonly Asked[]): void {
    const joined = asked.length > 1 ? this.#join(asked) : undefined
    if (!joined) {
      for (const each of asked) this.#sendAlone(each)
      return
    }
    const { subgraph } = asked[0]!.question
    const lists = asked.map(({ representations }) => representations)
    const body = joined.write(this, lists)
    this.#send({ subgraph, kind: 'query', query: joined.query, body }).then(
      (answer) => this.#share(asked, answer),
      (error: unknown) => {
        for (const each of asked) each.reject(error)
      },
    )
  }

  #sendAlone({ question, representations, resolve, reject }: Asked): void {
    const { subgraph, query, write } = question
    this.#send({ subgraph, kind: 'query', query, body: write(this, representations) }).then(resolve, reject)
  }

  #join(asked: readonly Asked[]): Joined | null {
    const key = asked.map(({ question: { number } }) => number).join()
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const joined = joinQuestions(asked.map(({ question }) => question.part!))
    const names = asked.map((_, index) => representationsName(index))
    const ready = joined ? { query: joined.query, write: compileLists(joined, names) } : null
    this.#known.set(key, ready)
    return ready
  }

  /** One question that fails altogether takes the others with it, so then each is asked again by itself. */
  #share(asked: readonly Asked[], { data, errors = [] }: SubgraphAnswer): void {
    if (!data) {
      for (const each of asked) this.#sendAlone(each)
      return
    }
    for (let index = 0; index < asked.length; index++) asked[index]!.resolve(partOfAnswer({ data, errors }, entitiesName(index)))
  }
}

const flush = (batches: OpenBatches) => batches.flush()

/** Whether a plan asks one subgraph several questions that may go out together. */
export function mayBatch(questions: readonly EntityQuestion[]): boolean {
  const subgraphs = questions.filter(({ part }) => part).map(({ subgraph }) => subgraph)
  return new Set(subgraphs).size < subgraphs.length
}

function partOfAnswer(
  { data, errors }: { readonly data: JsonObject; readonly errors: readonly GraphQLFormattedError[] },
  name: string,
): SubgraphAnswer {
  const answer = { data: { _entities: data[name] } }
  if (errors.length === 0) return answer
  const own = errors.flatMap((error) => {
    if (!error.path) return [error]
    return error.path[0] === name ? [{ ...error, path: ['_entities', ...error.path.slice(1)] }] : []
  })
  return { ...answer, errors: own }
}
