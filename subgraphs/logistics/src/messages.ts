import type { Messages } from '@pasar/shared/messages'

export const messages: Messages = {
  ShipmentNotFound: {
    id: 'Pengiriman ini tidak ada di antara kiriman Anda.',
    en: 'There is no such shipment among those that you send.',
  },
  PickupNotPossible: {
    id: 'Paket ini belum atau tidak lagi dapat dijemput.',
    en: 'This parcel cannot be picked up yet, or no longer.',
  },
}
