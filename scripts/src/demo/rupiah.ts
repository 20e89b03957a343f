/** An amount as Indonesians write it, without the market's code: the demo is a client. */
export const rupiah = (amount: number): string => `Rp${String(amount).replaceAll(/\B(?=(\d{3})+$)/g, '.')}`
