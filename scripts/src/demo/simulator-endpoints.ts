import { Deviation } from './deviation.ts'

/** A mail as the mailbox of development keeps it. */
interface Mail {
  readonly subject: string
  readonly text: string
}

/** The outside world of the development mode: the bank's customers and the courier's drivers. */
export interface Simulators {
  /** The buyer pays at the bank, and the provider notifies the market. */
  pay(paymentId: string): Promise<void>
  /** The courier scans the parcel, at its next station unless told otherwise; says the status that the market will hear of. */
  advance(trackingNumber: string, status?: string): Promise<string>
  /** What the market has mailed to an address, the newest first. */
  mailsTo(address: string): Promise<readonly Mail[]>
}

const answerWithinMs = 20_000

/** The documented simulator endpoints under `base`; see docs/simulators.md. */
export const simulatorsAt = (base: string): Simulators => ({
  pay: async (paymentId) => void (await press(`${base}/simulators/midtrans/${encodeURIComponent(paymentId)}/pay`)),
  advance: async (trackingNumber, status) => {
    const path = `${base}/simulators/courier/${encodeURIComponent(trackingNumber)}/advance`
    const response = await press(path, status === undefined ? {} : { status: status.toLowerCase() })
    return ((await response.json()) as { readonly status: string }).status.toUpperCase()
  },
  mailsTo: async (address) => {
    const response = await answerOf(`${base}/simulators/mail/messages?to=${encodeURIComponent(address)}`)
    return (await response.json()) as readonly Mail[]
  },
})

const press = (url: string, fields: object = {}): Promise<Response> => answerOf(url, fields)

/** The answer to a look, or to fields that are sent. */
async function answerOf(url: string, fields?: object): Promise<Response> {
  const response = await send(url, fields)
  if (!response.ok) throw new Deviation(`The simulator at ${url} answered ${response.status}: ${await response.text()}`)
  return response
}

async function send(url: string, fields?: object): Promise<Response> {
  try {
    return await fetch(url, {
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      ...(fields && { method: 'POST', body: JSON.stringify(fields) }),
      signal: AbortSignal.timeout(answerWithinMs),
    })
  } catch (error) {
    throw new Deviation(`The simulator at ${url} does not answer: ${(error as Error).message}`)
  }
}
