/** What happens to those who wait for a process that dies. */
export class Died extends Error {}

/** The life of a process that is one in all but its own memory: when it ends, nothing that it was at goes on. */
export interface Life {
  readonly name: string
  isOver(): boolean
  /** Throws Died when it is over: the dead neither ask nor write. */
  check(): void
  /** The same work, as long as the process lives; rejects with Died when it ends first. */
  sharing<T>(work: Promise<T>): Promise<T>
  end(): void
}

/** Begins a life. */
export function beginLife(name: string): Life {
  let isOver = false
  let end: (reason: Died) => void = () => undefined
  const death = new Promise<never>((_, reject) => (end = reject))
  death.catch(() => undefined)
  return {
    name,
    isOver: () => isOver,
    check: () => {
      if (isOver) throw new Died(`${name} is dead`)
    },
    sharing: (work) => Promise.race([work, death]),
    end: () => {
      isOver = true
      end(new Died(`${name} died`))
    },
  }
}
