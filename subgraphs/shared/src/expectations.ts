import type { Texts } from './locale.ts'

type Whole = number | bigint

/** What was expected of a number within bounds. */
export const wholeNumber = (min: Whole, max: Whole): Texts => ({
  id: `bilangan bulat dari ${min} sampai ${max}`,
  en: `a whole number from ${min} to ${max}`,
})

/** What was expected of an amount: more than 2^53 - 1 does not survive JSON. */
export const exactWholeNumber: Texts = { id: 'bilangan bulat paling besar 2^53 - 1', en: 'a whole number of at most 2^53 - 1' }

/** What was expected of an amount that may be zero. */
export const rupiahOrZero: Texts = { id: 'rupiah bulat, 0 atau lebih', en: 'whole rupiah, 0 or more' }

/** What was expected of an amount that may not. */
export const rupiahAboveZero: Texts = { id: 'rupiah bulat, lebih dari 0', en: 'whole rupiah, more than 0' }

/** What was expected of lines that are named. */
export const someLines = (most: number): Texts => ({ id: `1 sampai ${most} baris`, en: `1 to ${most} lines` })

/** What was expected of the length of a text; without a lower bound it may be empty. */
export const characters = (min: number, max: number): Texts =>
  min === 0
    ? { id: `paling banyak ${max} karakter`, en: `at most ${max} characters` }
    : { id: `${min} sampai ${max} karakter`, en: `${min} to ${max} characters` }

/** What was expected of a text that has what nobody can read. */
export const plainText: Texts = { id: 'teks tanpa karakter kendali', en: 'text without control characters' }

/** What was expected where JSON can hold anything but a text was needed. */
export const textWithin = (min: number, max: number): Texts => {
  const length = characters(min, max)
  return { id: `teks ${length.id}`, en: `text of ${length.en}` }
}

/** What was expected where one of a few words is known. */
export const oneOf = (words: readonly string[]): Texts => ({
  id: `salah satu dari ${words.join(', ')}`,
  en: `one of ${words.join(', ')}`,
})

/** What was expected of an id of one kind. */
export const idStartingWith = (prefix: string): Texts => ({
  id: `id yang diawali ${prefix}_`,
  en: `an id that starts with ${prefix}_`,
})

/** What was expected of `after` in a list. */
export const cursorOfThisList: Texts = { id: 'kursor yang diberikan daftar ini', en: 'a cursor that this list gave' }

/** What was expected of an argument that means nothing beside a value of another one. */
export const nothingWhere = (field: string, value: string): Texts => ({
  id: `kosong kalau ${field} ${value}`,
  en: `nothing where ${field} is ${value}`,
})

/** What was expected of the end of a period. */
export const timeAfter = (field: string): Texts => ({ id: `waktu setelah ${field}`, en: `a time after ${field}` })

/** What was expected of a postal code. */
export const fiveDigits: Texts = { id: 'lima angka', en: 'five digits' }

/** What was expected of a place where a shop or a parcel is. */
export const regencyCode: Texts = {
  id: 'kode resmi kabupaten atau kota, misalnya 31.73',
  en: 'the official code of a regency or city, such as 31.73',
}

/** What was expected of a place in an address. */
export const districtCode: Texts = {
  id: 'kode resmi kecamatan, misalnya 31.73.05',
  en: 'the official code of a district, such as 31.73.05',
}

/** What was expected of a body or a part of it. */
export const jsonObject: Texts = { id: 'objek JSON', en: 'a JSON object' }
