import type { LogisticsEvents, ShipmentStatus } from '@pasar/schema/events/logistics'
import type { TransitionName } from './transitions.ts'

/** What logistics says of a parcel. */
export type ParcelWord = ShipmentStatus | 'BOOKED' | 'STOPPED' | 'NOT_STOPPED' | 'GIVEN_UP' | 'UNCLEAR' | 'UNFETCHED'

type Words = Readonly<Partial<Record<ParcelWord, readonly TransitionName[]>>>

/** What each word means for the order, by the way that the parcel goes: the first transition that the order may make then. */
export const parcelWords = {
  OUTBOUND: {
    BOOKED: ['book', 'bookAskedToCancel'],
    STOPPED: ['calledOff'],
    NOT_STOPPED: ['callOffTooLate'],
    PICKED: ['ship'],
    DROPPING_OFF: ['ship'],
    DELIVERED: ['deliver'],
    RETURN_IN_TRANSIT: ['turnBack'],
    RETURNED: ['comeBack'],
    // The courier gives up: what it does not have lies in the shop, what it has is gone.
    CANCELLED: ['calledOff', 'giveUp', 'lose'],
    GIVEN_UP: ['lose'],
    LOST: ['lose'],
  },
  RETURN: {
    BOOKED: ['bookReturn', 'bookReturnLate'],
    STOPPED: ['returnCalledOff', 'strandReturn'],
    NOT_STOPPED: ['sendBack'],
    PICKED: ['sendBack'],
    DROPPING_OFF: ['sendBack'],
    DELIVERED: ['arriveBack'],
    RETURNED: ['strandReturn'],
    CANCELLED: ['returnCalledOff', 'strandReturn'],
    // The courier had not come for it, or ended it by itself: this is not its buyer's fault.
    UNFETCHED: ['strandReturn'],
    // The courier would not stop it, ends it, and never said that it has it: staff find out who has the goods.
    UNCLEAR: ['strandReturn'],
    GIVEN_UP: ['loseReturn'],
    LOST: ['loseReturn'],
  },
} as const satisfies Record<string, Words>

const words: Readonly<Record<keyof typeof parcelWords, Words>> = parcelWords

/** What a word about a parcel may do with its order. */
export const ofParcel = (word: ParcelWord, way: keyof typeof parcelWords): readonly TransitionName[] => words[way][word] ?? []

/** The word of a parcel's move. What is given up in the courier's hands is told apart at once: the word of its pickup may come later. */
export function wordOf({ status, lost, unclear, unfetched }: LogisticsEvents['ShipmentMoved']): ParcelWord {
  if (status === 'CANCELLED' && lost) return 'GIVEN_UP'
  if (unclear) return 'UNCLEAR'
  return unfetched ? 'UNFETCHED' : status
}

/** The word of a parcel that was to be called off. */
export function wordOfStop({ stopped, unfetched }: LogisticsEvents['ParcelCalledOff']): ParcelWord {
  if (unfetched) return 'UNFETCHED'
  return stopped ? 'STOPPED' : 'NOT_STOPPED'
}
