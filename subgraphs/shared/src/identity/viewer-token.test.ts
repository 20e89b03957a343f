import { generateKeyPairSync } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { privateKeyFrom, publicKeyFrom } from './signature.ts'
import { readViewerToken, signViewerToken } from './viewer-token.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const claims = { viewer: { kind: 'guest' }, locale: 'id', iss: 'router', aud: 'carts', iat: 1_000, exp: 1_030 }
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a viewer token', () => {
  const token = signViewerToken(claims, privateKey)
  const [head, , signature] = token.split('.')

  it('is a JWT like any other', async () => {
    const options = { issuer: 'router', audience: 'carts', algorithms: ['EdDSA'], currentDate: new Date(1_010_000) }
    expect((await jwtVerify(token, publicKey, options)).payload).toEqual(claims)
    expect(readViewerToken(token, [publicKey])).toEqual(claims)
  })

  it.each([
    ['says something else', `${head}.${part({ ...claims, aud: 'payments' })}.${signature}`],
    ['is not signed', `${head}.${part(claims)}.`],
    ['says that it needs no signature', `${part({ alg: 'none', typ: 'viewer+jwt' })}.${part(claims)}.${signature}`],
    ['has more than three parts', `${token}.${signature}`],
    ['is none', 'token'],
  ])('is not believed when it %s', (_, altered) => {
    expect(readViewerToken(altered, [publicKey])).toBeUndefined()
  })

  it('is not believed when it is for something else, or of somebody else', async () => {
    const other = await new SignJWT({ ...claims }).setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' }).sign(privateKey)
    expect(readViewerToken(other, [publicKey])).toBeUndefined()
    expect(readViewerToken(token, [generateKeyPairSync('ed25519').publicKey])).toBeUndefined()
  })
})

it('keys of identity are for Ed25519 and nothing else', () => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const base64 = (der: Buffer) => der.toString('base64')
  expect(() => privateKeyFrom(base64(pair.privateKey.export({ format: 'der', type: 'pkcs8' })))).toThrow('Ed25519')
  expect(() => publicKeyFrom(base64(pair.publicKey.export({ format: 'der', type: 'spki' })))).toThrow('Ed25519')
})
