import pg from 'pg'

/** A statement, and the name under which each connection keeps it planned; the empty name is kept for nobody. */
export interface Asked {
  readonly name: string
  readonly text: string
  /** See asSent. */
  readonly values: readonly unknown[]
  /** How columns are read; as the driver does it where nothing is said. */
  readonly types?: pg.CustomTypesConfig | undefined
  /** Gives up after so many milliseconds. */
  readonly query_timeout?: number
}

/** What came of it. */
export interface Answered<Row> {
  readonly rows: Row[]
  readonly rowCount: number
}

/** What the driver's connection can do for a statement. */
interface Wire {
  /** By name, what it has parsed: written by the driver. */
  readonly parsedStatements: Readonly<Record<string, string>>
  readonly stream: { cork(): void; uncork(): void }
  parse(message: { readonly name: string; readonly text: string }): void
  bind(message: { readonly statement: string; readonly values: readonly unknown[] }): void
  describe(message: { readonly type: 'P' }): void
  execute(): void
  sync(): void
  sendCopyFail(reason: string): void
}

interface Column {
  readonly name: string
  readonly dataTypeID: number
}

/** The columns of a planned statement: PostgreSQL refuses to execute it when they are others. */
interface Shape {
  readonly types: pg.CustomTypesConfig
  readonly names: readonly string[]
  readonly parsers: readonly ((text: string) => unknown)[]
  readonly empty: object
}

const shapes = new WeakMap<Wire, Map<string, Shape>>()

function shapesOf(wire: Wire): Map<string, Shape> {
  const known = shapes.get(wire) ?? new Map<string, Shape>()
  shapes.set(wire, known)
  return known
}

const shapeFor = (types: pg.CustomTypesConfig, columns: readonly Column[]): Shape => ({
  types,
  names: columns.map(({ name }) => name),
  parsers: columns.map(({ dataTypeID }) => types.getTypeParser(dataTypeID, 'text') as (text: string) => unknown),
  empty: Object.fromEntries(columns.map(({ name }) => [name, null])),
})

const begin = 'transaction_begin'
const commit = 'transaction_commit'

/** Connections that know how to commit. */
const committing = new WeakSet<Wire>()

/** Where a statement lies in its transaction: whether it begins it, and whether it is its last one. */
interface Place {
  readonly begins?: true
  readonly ends?: true
}

const { prepareValue } = (pg as unknown as { readonly utils: { prepareValue(value: unknown): unknown } }).utils

/** Values as the driver writes them. */
export const asSent = (values: readonly unknown[]): readonly unknown[] => values.map((value) => prepareValue(value))

type Callback<Row> = (error: unknown, answered?: Answered<Row>) => void

/**
 * A statement on its way, as the driver's client takes it. The driver's own asks for the description of the rows each time and reads it, which
 * takes longer than the rows themselves. A class, because the driver calls it by the names of its methods.
 */
class PlannedQuery<Row> implements pg.Submittable {
  readonly name: string
  readonly text: string
  /** Whether it begins the transaction that it is the first statement of. */
  readonly begins: boolean
  /** Whether it commits the transaction that it is the last statement of. */
  readonly ends: boolean
  readonly query_timeout: number | undefined
  callback: Callback<Row>
  readonly #values: readonly unknown[]
  readonly #types: pg.CustomTypesConfig
  readonly #rows: Row[] = []
  #rowCount = 0
  #shape: Shape | undefined
  #failure: unknown

  constructor({ name, text, values, types = pg.types, query_timeout }: Asked, { begins, ends }: Place, callback: Callback<Row>) {
    this.name = name
    this.text = text
    this.begins = begins === true
    this.ends = ends === true
    this.query_timeout = query_timeout
    this.callback = callback
    this.#types = types
    this.#values = values
  }

  submit(connection: unknown): undefined {
    const wire = connection as Wire
    const { name, text } = this
    const known = shapesOf(wire).get(name)
    this.#shape = known?.types === this.#types ? known : undefined
    // All that belongs together goes out together.
    wire.stream.cork()
    if (this.begins) {
      wire.bind({ statement: begin, values: [] })
      wire.execute()
    }
    if (wire.parsedStatements[name] === undefined) wire.parse({ name, text })
    wire.bind({ statement: name, values: this.#values })
    if (!this.#shape) {
      this.#shape = shapeFor(this.#types, [])
      wire.describe({ type: 'P' })
    }
    wire.execute()
    if (this.ends) {
      // A statement that fails takes what comes behind it along: nothing is committed.
      if (!committing.has(wire)) wire.parse({ name: commit, text: 'COMMIT' })
      wire.bind({ statement: commit, values: [] })
      wire.execute()
    }
    wire.sync()
    wire.stream.uncork()
  }

  handleRowDescription({ fields }: { readonly fields: readonly Column[] }): void {
    this.#shape = shapeFor(this.#types, fields)
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const { names, parsers, empty } = this.#shape!
    try {
      const row: Record<string, unknown> = { ...empty }
      for (let index = 0; index < fields.length; index++) {
        const text = fields[index]!
        if (text !== null) row[names[index]!] = parsers[index]!(text)
      }
      this.#rows.push(row as Row)
    } catch (error) {
      this.#failure = error
    }
  }

  /** Told as `INSERT 0 1`, `BEGIN` or `COMMIT`. */
  handleCommandComplete({ text }: { readonly text: string }): void {
    if (this.ends && text === 'COMMIT') return
    this.#rowCount = Number(text.slice(text.lastIndexOf(' ') + 1)) || 0
  }

  handleReadyForQuery(connection: unknown): void {
    if (this.ends) committing.add(connection as Wire)
    if (this.name !== '') shapesOf(connection as Wire).set(this.name, this.#shape!)
    if (this.#failure === undefined) this.callback(null, { rows: this.#rows, rowCount: this.#rowCount })
    else this.callback(this.#failure)
  }

  handleError(error: unknown): void {
    this.callback(error)
  }

  handleEmptyQuery(): void {}

  handlePortalSuspended(): void {}

  handleCopyInResponse(connection: unknown): void {
    ;(connection as Wire).sendCopyFail('nothing is copied in')
  }

  handleCopyData(): void {}
}

/** A connection that does nothing else right now, or whose statements wait for each other. */
type Client = pg.ClientBase

const send = <Row>(client: Client, asked: Asked, place: Place = {}): Promise<Answered<Row>> =>
  new Promise((resolve, reject) => {
    const callback: Callback<Row> = (error, answered) => (answered ? resolve(answered) : reject(error))
    client.query(new PlannedQuery<Row>(asked, place, callback))
  })

/** Asks a connection. */
export async function ask<Row>(client: Client, asked: Asked): Promise<Answered<Row>> {
  try {
    return await send<Row>(client, asked)
  } catch (error) {
    throw fromHere(error)
  }
}

/** Asks any connection of a pool, and ends the one whose statement has failed: nobody knows in what state it is. */
export async function askAny<Row>(pool: pg.Pool, asked: Asked): Promise<Answered<Row>> {
  const client = await pool.connect()
  try {
    const answered = await send<Row>(client, asked)
    client.release()
    return answered
  } catch (error) {
    client.release(error as Error)
    throw fromHere(error)
  }
}

/** Begins a transaction together with its first statement: a round trip less, once the connection knows how to begin one. */
export async function askFirst<Row>(client: Client, asked: Asked): Promise<Answered<Row>> {
  const { parsedStatements } = (client as unknown as { readonly connection: Wire }).connection
  try {
    if (parsedStatements[begin]) return await send<Row>(client, asked, { begins: true })
    await send(client, { name: begin, text: 'BEGIN', values: [] })
    return await send<Row>(client, asked)
  } catch (error) {
    throw fromHere(error)
  }
}

/** Commits a transaction together with its last statement: a round trip less. */
export async function askLast<Row>(client: Client, asked: Asked): Promise<Answered<Row>> {
  try {
    return await send<Row>(client, asked, { ends: true })
  } catch (error) {
    throw fromHere(error)
  }
}

/** With the way to whoever asked in place of the driver's way to its socket. */
function fromHere(error: unknown): unknown {
  if (error instanceof Error) Error.captureStackTrace(error, fromHere)
  return error
}
