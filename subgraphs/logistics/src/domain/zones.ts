/** How far apart two regencies are, as rates see it. */
export type Zone = 'REGENCY' | 'PROVINCE' | 'ISLANDS' | 'FAR'

/** Official codes begin with the province, and provinces are numbered by island group: 1 and 2 are Sumatra. */
const islandGroups: Readonly<Record<string, string>> = {
  '1': 'Sumatera',
  '2': 'Sumatera',
  '3': 'Jawa',
  '5': 'Bali dan Nusa Tenggara',
  '6': 'Kalimantan',
  '7': 'Sulawesi',
  '8': 'Maluku',
  '9': 'Papua',
}

const provinceOf = (regencyCode: string) => regencyCode.slice(0, 2)
const islandsOf = (regencyCode: string) => islandGroups[regencyCode.slice(0, 1)]

export function zoneOf(originRegencyCode: string, destinationRegencyCode: string): Zone {
  if (originRegencyCode === destinationRegencyCode) return 'REGENCY'
  if (provinceOf(originRegencyCode) === provinceOf(destinationRegencyCode)) return 'PROVINCE'
  return islandsOf(originRegencyCode) === islandsOf(destinationRegencyCode) ? 'ISLANDS' : 'FAR'
}
