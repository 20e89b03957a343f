import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { root } from '../paths.ts'
import { StartProblem } from '../start-problem.ts'

/** A process of the fleet, by name and main file. */
export interface ChildOptions {
  readonly name: string
  /** Path of its main file in the checkout. */
  readonly main: string
  readonly env: NodeJS.ProcessEnv
  readonly say: (line: string) => void
}

/** A process that is kept running until it is told to stop. */
export interface Child {
  readonly name: string
  readonly pid: () => number | undefined
  stop(): Promise<void>
}

const restartAfterMs = 1_000

/** Starts a process and resolves when it is ready; should it die later, it is started again, as often as it takes. */
export async function startChild({ name, main, env, say }: ChildOptions): Promise<Child> {
  let stopping = false
  // A group of its own: Ctrl-C reaches the launcher alone, which stops the fleet in order.
  const launch = () =>
    spawn(process.execPath, ['--import', 'tsx', join(root, main)], {
      cwd: root,
      env,
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
  let child = launch()
  const watch = (started: ChildProcess) => {
    started.once('exit', (code, signal) => restart(String(signal ?? code)))
    // A machine that has no room for one more process says so here: there is no exit of what never began.
    started.on('error', (error) => {
      if (started.pid === undefined) restart(error.message)
    })
  }
  const restart = (why: string) => {
    if (stopping) return
    say(`${name} ended (${why}); starting it again`)
    setTimeout(again, restartAfterMs)
  }
  const again = () => {
    if (stopping) return
    try {
      child = launch()
      watch(child)
    } catch (error) {
      restart((error as Error).message)
    }
  }
  const ready = once(child, 'message')
  const died = once(child, 'exit').then(() => Promise.reject(new StartProblem(`${name} could not start; its reason is above.`)))
  await Promise.race([ready, died])
  died.catch(() => undefined)
  watch(child)
  return {
    name,
    pid: () => child.pid,
    stop: async () => {
      stopping = true
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}
