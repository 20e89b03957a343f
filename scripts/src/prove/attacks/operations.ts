/** So many pieces of text, joined. */
export const times = (count: number, make: (index: number) => string, between = ' '): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(between)

/** Fragments that spread the next one `base` times: a few hundred bytes that write out to base^levels fields. */
export const bomb = (base: number, levels: number): string =>
  `{ ...F0 } ${times(levels, (level) => `fragment F${level} on Query { ${times(base, (index) => (level === levels - 1 ? `a${index}: __typename` : `...F${level + 1}`))} }`)}`

/** Products of the shop of a product of a shop …, through two subgraphs at each step. */
export const entityHops = (hops: number, first = 1): string =>
  `{ products(first: 1) { edges { node { ${times(hops, () => `shop { ... on Shop { products(first: ${first}) { edges { node {`)} id ${times(hops, () => '} } } } }')} } } } }`

/** Objects in objects, as a value. */
export const nestedFilter = (depth: number): string => `${'{and: ['.repeat(depth)}${']}'.repeat(depth)}`

/** A mutation by which a password could be guessed. */
export const signInField = (email: string, password = 'salah-sekali'): string =>
  `signIn(input: { email: "${email}", password: "${password}" }) { ... on SignInSuccess { tokens { refreshToken } } ... on Problem { code } }`
