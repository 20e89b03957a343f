import { plainText } from '@pasar/shared/expectations'
import type { Texts } from '@pasar/shared/locale'
import { BadInput } from '@pasar/shared/problems'
import { bounds } from './bounds.ts'
import { optionally, parseList, parseText } from './input.ts'

/** Something to choose between the variants of a product, with its values in the order of the page. */
export interface ProductOption {
  readonly name: string
  readonly values: readonly string[]
}

/** Which value of an option. */
export interface SelectedOption {
  readonly name: string
  readonly value: string
}

/** A word for an option or a value, and the one before it where it is renamed. */
interface Word {
  readonly name: string
  readonly was: string | undefined
}

/** An option as it shall be. */
export interface WantedOption extends Word {
  readonly values: readonly Word[]
}

interface RawWord {
  readonly name: string
  readonly was?: string | null
}

/** An option as a client sends it. */
export interface RawOption extends RawWord {
  readonly values: readonly RawWord[]
}

/** What a word is known by: neither case nor blanks nor how its letters are written, and nothing that nobody sees. */
const keyOf = (word: string): string =>
  word
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()

const isSame = (one: string, other: string): boolean => one === other || keyOf(one) === keyOf(other)

function parseWord(raw: string, field: string): string {
  const word = parseText(raw.normalize('NFC').replace(/\s+/gu, ' '), field, { max: bounds.optionCharactersMax })
  if (keyOf(word) === '' || /\p{Cc}/u.test(word)) throw new BadInput(field, plainText)
  return word
}

/** What was expected of a list that names something twice. */
export const eachOnce: Texts = { id: 'masing-masing paling banyak satu kali', en: 'each at most once' }

function parseWords(raw: readonly RawWord[], field: string): Word[] {
  const words = raw.map(({ name, was }) => ({
    name: parseWord(name, `${field}.name`),
    was: optionally(was, (before) => parseWord(before, `${field}.was`)),
  }))
  for (const part of ['name', 'was'] as const) {
    const keys = words.flatMap((word) => (word[part] === undefined ? [] : [keyOf(word[part])]))
    if (new Set(keys).size < keys.length) throw new BadInput(`${field}.${part}`, eachOnce)
  }
  return words
}

/** The options that a product shall have. */
export function parseOptions(raw: readonly RawOption[]): WantedOption[] {
  const options = parseList(raw, 'options', [0, bounds.optionsMax])
  return parseWords(options, 'options').map((word, place) => {
    const values = parseList(options[place]!.values, 'options.values', [1, bounds.optionValuesMax])
    return { ...word, values: parseWords(values, 'options.values') }
  })
}

/** What somebody has chosen; whether there is such a thing is not asked here. */
export const parseSelected = (raw: readonly SelectedOption[], field: string): readonly SelectedOption[] =>
  parseList(raw, field, [0, bounds.optionsMax]).map(({ name, value }) => ({
    name: parseWord(name, `${field}.name`),
    value: parseWord(value, `${field}.value`),
  }))

/** Options without what they were called before. */
export const asOptions = (wanted: readonly WantedOption[]): ProductOption[] =>
  wanted.map(({ name, values }) => ({ name, values: values.map((value) => value.name) }))

/** Options as they are written down. */
export const writable = (options: readonly ProductOption[]): { name: string; values: string[] }[] =>
  options.map(({ name, values }) => ({ name, values: [...values] }))

/** The one of these words that is this one, found at once where it is written alike. */
function foundIn(words: readonly string[], wanted: string): string | undefined {
  if (words.includes(wanted)) return wanted
  const key = keyOf(wanted)
  return words.find((word) => keyOf(word) === key)
}

/** The values that were chosen, in the order and the spelling of the options; undefined unless there is exactly one of each. */
export function choiceOf(options: readonly ProductOption[], selected: readonly SelectedOption[]): readonly string[] | undefined {
  if (selected.length !== options.length) return undefined
  const choice = options.flatMap(({ name, values }) => {
    const chosen = selected.filter((one) => isSame(one.name, name))
    return chosen.length === 1 ? (foundIn(values, chosen[0]!.value) ?? []) : []
  })
  return choice.length === options.length ? choice : undefined
}

/** The same of a variant that has values already: those that are not chosen stay. */
export function choiceWith(
  options: readonly ProductOption[],
  choice: readonly string[],
  selected: readonly SelectedOption[],
): readonly string[] | undefined {
  const kept = selectedOf(options, choice).filter(({ name }) => !selected.some((one) => isSame(one.name, name)))
  return choiceOf(options, [...kept, ...selected])
}

/** What a choice says, by the names of the options. */
export const selectedOf = (options: readonly ProductOption[], choice: readonly string[]): SelectedOption[] =>
  options.flatMap(({ name }, place) => (choice[place] === undefined ? [] : [{ name, value: choice[place] }]))

/** Whether two choices are the same. */
export const isSameChoice = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((value, place) => value === other[place])

/** What a variant is called that is this choice. */
export const nameOfChoice = (choice: readonly string[]): string => choice.join(', ')

/** Options with only those values that one of these choices has. */
export const withValuesOf = (options: readonly ProductOption[], choices: readonly (readonly string[])[]): ProductOption[] =>
  options.map(({ name, values }, place) => {
    const had = new Set(choices.map((choice) => choice[place]))
    return { name, values: values.filter((value) => had.has(value)) }
  })

/** Where each word stood before, by what it was called then or is called still; -1 for a new one. */
function placesBefore(before: readonly string[], wanted: readonly Word[]): number[] {
  const placeOf = (word: string) => before.findIndex((one) => isSame(one, word))
  const renamed = wanted.map(({ was }) => (was === undefined ? -1 : placeOf(was)))
  return wanted.map(({ name }, index) => {
    if (renamed[index] !== -1) return renamed[index]!
    const place = placeOf(name)
    return renamed.includes(place) ? -1 : place
  })
}

/** How a choice among the options of before reads among those that are wanted; undefined where it says nothing of one of them. */
export function choiceAfter(
  before: readonly ProductOption[],
  wanted: readonly WantedOption[],
): (choice: readonly string[]) => readonly string[] | undefined {
  const names = before.map(({ name }) => name)
  const places = placesBefore(names, wanted)
  const renamed = wanted.map(({ values }, index) => {
    const old = before[places[index]!]?.values ?? []
    const from = placesBefore(old, values)
    return new Map(values.flatMap(({ name }, place) => (from[place] === -1 ? [] : [[old[from[place]!]!, name] as const])))
  })
  return (choice) => {
    const after = renamed.flatMap((values, index) => values.get(choice[places[index]!] ?? '') ?? [])
    return after.length === wanted.length ? after : undefined
  }
}

/** Two choices that are the same, by their places. */
export function firstTwice(choices: readonly (readonly string[])[]): readonly [number, number] | undefined {
  const seen = new Map<string, number>()
  for (const [place, choice] of choices.entries()) {
    const key = JSON.stringify(choice)
    const first = seen.get(key)
    if (first !== undefined) return [first, place]
    if (choice.length > 0) seen.set(key, place)
  }
  return undefined
}
