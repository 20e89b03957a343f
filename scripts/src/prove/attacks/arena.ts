import { demoAccounts } from '@pasar/router/pages/demo-accounts'
import type { Stop } from '@pasar/shared/events/bus'
import { systemClock } from '@pasar/shared/clock'
import { domains } from '@pasar/shared/domains'
import { generateKeys } from '@pasar/shared/identity/keys'
import { openProofDatabases } from '../databases.ts'
import { startChild, type Child } from './child.ts'
import { attack } from './client.ts'
import type { Arena, Person } from './row.ts'
import type { Usage } from './router-process.ts'

/** Nobody listens there: what is attacked asks no provider. */
const outside = { SMTP_URL: 'smtp://127.0.0.1:9', COURIER_URL: 'http://127.0.0.1:9', PAYMENT_PROVIDER_URL: 'http://127.0.0.1:9' }
const unbounded = { BUDGET_ACCOUNT: '0', BUDGET_ADDRESS: '0', BUDGET_TRIES: '0' }

/** Opens databases, the six subgraphs in one process, and two routers in processes of their own. */
export async function openArena(say: (line: string) => void): Promise<Arena & { stop: Stop }> {
  const databases = await openProofDatabases(systemClock, say)
  const children: Child[] = []
  const start = (file: string) => {
    const child = startChild(file)
    children.push(child)
    return child
  }
  const startRouter = async (message: object) => {
    const child = start('router-process.ts')
    return { child, url: (await child.ask<{ url: string }>(message)).url }
  }
  const keys = { ...generateKeys(), ...outside, LOG_LEVEL: 'debug' }
  const subgraphs = start('subgraphs-process.ts')
  const urls = Object.fromEntries(domains.map((domain) => [domain, databases.urlFor(domain)]))
  const addresses = await subgraphs.ask<Record<string, string>>({ env: keys, urls })
  const env = { ...keys, ...addresses, NODE_ENV: 'production', PORT: '0' }
  const { child: router, url } = await startRouter({ env: { ...env, ...unbounded } })
  const { url: boundedUrl } = await startRouter({ env })
  const [buyer, seller] = demoAccounts
  const stranger = { email: 'orang-asing@pasar.example', password: 'sebuah-rahasia-panjang' }
  await attack(url, 'http', {
    query: 'mutation ($input: RegisterInput!) { register(input: $input) { __typename } }',
    variables: { input: { ...stranger, name: 'Orang Asing' } },
  })
  return {
    url,
    router,
    boundedUrl,
    subgraphs,
    subgraphUrls: addresses,
    signedInAt: performance.now(),
    buyer: await enter(url, buyer),
    seller: await enter(url, seller),
    stranger: await enter(url, stranger),
    signIn: (person) => signIn(url, person),
    startRouter,
    usage: (collect = false) => router.ask<Usage>({ collect }),
    say,
    stop: async () => {
      await Promise.all(children.map((child) => child.stop()))
      await databases.stop()
    },
  }
}

type Credentials = Pick<Person, 'email' | 'password'>

async function signIn(url: string, { email, password }: Credentials) {
  const query = `mutation ($input: SignInInput!) {
    signIn(input: $input) { ... on SignInSuccess { tokens { refreshToken access { token } } } }
  }`
  const { text } = await attack(url, 'http', { query, variables: { input: { email, password } } })
  const [token, refreshToken] = [/"token":"([^"]+)"/.exec(text)?.[1], /"refreshToken":"([^"]+)"/.exec(text)?.[1]]
  if (token === undefined || refreshToken === undefined) throw new Error(`${email} could not sign in: ${text}`)
  return { token, refreshToken }
}

async function enter(url: string, { email, password }: Credentials): Promise<Person> {
  const { token } = await signIn(url, { email, password })
  const { text } = await attack(url, 'http', { query: '{ me { id } }', token })
  return { email, password, token, accountId: /usr_\w+/.exec(text)?.[0] ?? '' }
}
