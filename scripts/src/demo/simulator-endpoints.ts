import { Deviation } from './deviation.ts'

/** The outside world of the development mode: the bank's customers and the courier's drivers. */
export interface Simulators {
  /** The buyer pays at the bank, and the provider notifies the market. */
  pay(paymentId: string): Promise<void>
  /** The courier scans the parcel, at its next station unless told otherwise; says the status that the market will hear of. */
  advance(trackingNumber: string, status?: string): Promise<string>
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
})

async function press(url: string, fields: object = {}): Promise<Response> {
  const response = await send(url, fields)
  if (!response.ok) throw new Deviation(`The simulator at ${url} answered ${response.status}: ${await response.text()}`)
  return response
}

async function send(url: string, fields: object): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(fields),
      signal: AbortSignal.timeout(answerWithinMs),
    })
  } catch (error) {
    throw new Deviation(`The simulator at ${url} does not answer: ${(error as Error).message}`)
  }
}
