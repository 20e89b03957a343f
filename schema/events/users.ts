/** Payload of each event that users sends, and of the one that it collects, by its type. */
export interface UsersEvents {
  readonly AccountRegistered: { readonly accountId: string }
  readonly AccountSuspended: { readonly accountId: string }
  readonly AccountReinstated: { readonly accountId: string }
  /** The account is gone for good: whoever keeps something personal of it erases that. */
  readonly AccountErased: { readonly accountId: string }
  /** A session family ended: signed out, suspended, erased, password changed, or a refresh token came twice. */
  readonly SessionRevoked: { readonly accountId: string; readonly sessionId: string }
  /** The account is of the staff, or acts for a shop, as it did not before, or acts for one no longer: its access tokens say what is over. */
  readonly AccountRightsChanged: { readonly accountId: string }
  readonly ShopOpened: { readonly shopId: string; readonly ownerId: string; readonly name: string; readonly regencyCode: string }
  readonly ShopChanged: { readonly shopId: string; readonly ownerId: string; readonly name: string; readonly regencyCode: string }
  readonly ShopSuspended: { readonly shopId: string }
  readonly ShopReinstated: { readonly shopId: string }
  /** Someone of support or admin looked into or changed something: any domain sends it, users keeps the audit log. */
  readonly StaffActed: {
    readonly actorId: string
    readonly action: string
    readonly subjectId: string
    readonly reason: string | null
  }
}
