/** One end of a channel between two processes. */
interface Channel {
  send(message: object): void
  on(event: 'message', listener: (message: unknown) => void): unknown
}

type Handlers = Readonly<Record<string, (value: never) => Promise<unknown>>>

interface Message {
  readonly id: number
  readonly ask?: string
  readonly value?: unknown
  readonly error?: string
}

/** Asks the other process and answers it, both ways over one channel; values are JSON. */
export function openRpc(channel: Channel, handlers: Handlers) {
  const waiting = new Map<number, { readonly resolve: (value: unknown) => void; readonly reject: (error: Error) => void }>()
  let asked = 0
  const answer = async ({ id, ask, value }: Message) => {
    try {
      channel.send({ id, value: await handlers[ask!]!(value as never) })
    } catch (error) {
      channel.send({ id, error: (error as Error).message })
    }
  }
  channel.on('message', (raw) => {
    const message = raw as Message
    if (message.ask !== undefined) return void answer(message)
    const { resolve, reject } = waiting.get(message.id) ?? {}
    waiting.delete(message.id)
    if (message.error === undefined) resolve?.(message.value)
    else reject?.(new Error(message.error))
    return undefined
  })
  return <T>(ask: string, value: object = {}): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const id = (asked += 1)
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
      channel.send({ id, ask, value })
    })
}
