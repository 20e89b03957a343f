import { Agent, request } from 'undici'
import { reach } from '@pasar/shared/points'
import { CodedError } from '@pasar/shared/problems'
import { NotTaken, providerSilent } from './provider.ts'

/** An object of JSON. */
export type Fields = Readonly<Record<string, unknown>>

/** Whether a value is an object of JSON. */
export const isFields = (value: unknown): value is Fields => value instanceof Object && !Array.isArray(value)

/** The objects of a JSON list; none of anything else. */
export const fieldsIn = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isFields) : [])

/** A provider's answer; a list alone is told as its `data`. */
export interface Answer {
  readonly httpStatus: number
  readonly fields: Fields
}

/** A request to a provider. */
export interface ProviderRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly body?: Fields
  readonly headers?: Readonly<Record<string, string>>
}

const fieldsOf = (parsed: unknown): Fields => (isFields(parsed) ? parsed : Array.isArray(parsed) ? { data: parsed } : {})

/** Sends requests to a provider with its key; whatever is no answer of the provider is Unavailable. */
export interface ProviderHttp {
  send(request: ProviderRequest): Promise<Answer>
  stop(): Promise<void>
}

/** Providers ask merchants to wait up to 15 s; a saga that waits longer than its lease is taken over, so we wait less and ask again. */
const timeoutMs = 4_000
const answerBytesMax = 256 * 1024

/** Failures that come before a request was written. */
const unreached = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']

/** It does not let us in, or not now, whoever answers so in its place. */
export const shut: readonly number[] = [401, 403, 429]

const failureOf = (error: unknown): CodedError => {
  if (error instanceof CodedError) return error
  return unreached.includes(String((error as { code?: unknown }).code)) ? new NotTaken() : providerSilent()
}

/** Both providers take the key as the user name of Basic authentication, without a password. */
export function openProviderHttp(key: string): ProviderHttp {
  const dispatcher = new Agent({
    connections: 32,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: timeoutMs },
    maxResponseSize: answerBytesMax,
  })
  const common = {
    authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`,
    accept: 'application/json',
    'content-type': 'application/json',
  }
  const send = async ({ method, url, body, headers = {} }: ProviderRequest): Promise<Answer> => {
    await reach('asking')
    try {
      const options = { method, headers: { ...common, ...headers }, dispatcher, ...(body && { body: JSON.stringify(body) }) }
      const response = await request(url, options)
      const parsed: unknown = await response.body.json().catch((error: unknown) => {
        throw shut.includes(response.statusCode) ? new NotTaken() : error
      })
      return { httpStatus: response.statusCode, fields: fieldsOf(parsed) }
    } catch (error) {
      throw failureOf(error)
    }
  }
  return { send, stop: () => dispatcher.close() }
}
