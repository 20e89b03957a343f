import type { HttpRequest } from '@pasar/shared/http/server'
import { parseJson } from '@pasar/shared/parse-json'

/** A JSON object of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>

/** A value as an object; empty where it is none. */
export const fieldsIn = (value: unknown): Fields => (value instanceof Object && !Array.isArray(value) ? (value as Fields) : {})

/** The object that a request brings; empty where it brings none. */
export const bodyOf = ({ body }: HttpRequest): Fields => fieldsIn(body === '' ? {} : parseJson(body))
