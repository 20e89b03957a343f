import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** A process of a proof that answers messages. */
export interface Child {
  readonly pid: number
  /** Sends a message and resolves with its answer. */
  ask<T>(message: object): Promise<T>
  /** Everything it wrote so far. */
  output(): string
  signal(name: NodeJS.Signals): void
  stop(): Promise<void>
}

/** Starts a process that answers each message with one, in order. */
export function startChild(file: string): Child {
  const path = fileURLToPath(new URL(`./${file}`, import.meta.url))
  const child = fork(path, { execArgv: ['--expose-gc', '--import', 'tsx'], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  const written: string[] = []
  child.stdout?.on('data', (text: Buffer) => void written.push(String(text)))
  child.stderr?.on('data', (text: Buffer) => void written.push(String(text)))
  const output = () => written.join('')
  return {
    pid: child.pid ?? 0,
    output,
    signal: (name) => void child.kill(name),
    ask: (message) => answerOf(child, message, output),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Messages are asked one after the other: the next one that comes is the answer. */
const answerOf = <T>(child: ChildProcess, message: object, output: () => string) =>
  new Promise<T>((resolve, reject) => {
    const died = () => reject(new Error(`A process of the proof ended:\n${output().slice(-2_000)}`))
    child.once('exit', died)
    child.once('message', (answer) => {
      child.off('exit', died)
      resolve(answer as T)
    })
    child.send(message)
  })

/** Answers messages in a process that was started like this. */
export function answerMessages(answer: (message: Record<string, unknown>) => Promise<object>): void {
  process.on('message', (message) => {
    answer(message as Record<string, unknown>).then(
      (answered) => process.send!(answered),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  })
  process.on('disconnect', () => process.exit(0))
  process.on('SIGTERM', () => process.exit(0))
}
