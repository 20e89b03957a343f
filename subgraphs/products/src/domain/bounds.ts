/** Bounds of the catalogue, with the reason for each. */
export const bounds = {
  /** Deeper trees lose their readers; the breadcrumbs of a page stay one line. */
  categoryDepthMax: 6,
  /** What Indonesian marketplaces show of a product. */
  imagesMax: 9,
  /** Two options of ten values each; a product with more is several products. */
  variantsMax: 100,
  /** A colour and a size: who has to choose more does not choose. */
  optionsMax: 2,
  /** As many as variants: a product may differ in one thing alone. */
  optionValuesMax: 100,
  /** Two of them, and what is between, are a name. */
  optionCharactersMax: 50,
  /** A stock list by warehouse is never paged. */
  warehousesMax: 50,
  /** Codes are printed on labels. */
  skuCharactersMax: 64,
  /** Rp10 billion: a dearer thing is not sold through a cart. */
  priceMax: 10_000_000_000n,
  /** One tonne: the heaviest that a truck service takes as one parcel. */
  weightGramsMax: 1_000_000,
  /** Ten metres. */
  sideMmMax: 10_000,
  /** Far above any count of a warehouse, and within the database's integer with room for sums. */
  unitsMax: 10_000_000,
  /** Of a shop's newest products a search looks at each: its words, its title's look and its article numbers take some 15 µs. */
  shopSearchMax: 2_000,
  /** What a page shows beside a list of products. */
  facetValuesMax: 20,
  /** Nobody pages through more; counting them takes some 20 ms, and where there are more, as long for each choice. */
  facetProductsMax: 10_000,
  /** A buyer chooses a province's worth of cities. */
  regencyCodesMax: 50,
  /** A street with directions. */
  streetCharactersMax: 500,
  /** Lines of one checkout: as many as a cart may hold. */
  reserveLinesMax: 200,
  /** Reservations that one run of the deadline worker ends. */
  expiryBatchMax: 50,
  /** Each further look means that somebody else was faster; so many times in a row is nobody's luck. */
  reserveAttemptsMax: 100,
  /** Checkouts that take units in one statement: more would make the first of them wait. */
  holdsTogetherMax: 100,
  /** Lines of a checkout that shares its statements with others: more would make those wait. */
  linesTogetherMax: 10,
  /** Units that lie ready of one SKU in one warehouse: a second's worth of a sale that everybody came for. */
  unitBucket: 1_000,
  /** What a shop sells to a crowd on one day; the rows of all of them are looked at twice a second. */
  byUnitsMax: 20,
  /** A few sentences below a review. */
  answerCharactersMax: 1_000,
  /** What is wrong with a thing, in a few sentences. */
  reportNoteCharactersMax: 500,
  /** Reports of one account within 24 hours: somebody who looks around finds a handful of bad things, a campaign more. */
  reportsPerDayMax: 20,
  /** Kinds of reports that a list may be narrowed to: more than there are say nothing. */
  reportReasonsMax: 8,
  /** A gift basket, not a warehouse. */
  bundleComponentsMax: 20,
  /** Each sale of a component changes the listings of all bundles of it. */
  bundlesOfComponentMax: 100,
  /** More of one component than this makes a bundle that no cart holds. */
  bundleQuantityMax: 99,
  /** Variants' changes that one run brings into the lists. */
  listingsDueMax: 1_000,
  /** A sale that lasts longer is a price. */
  flashSaleHoursMax: 168,
  /** The next big day of the calendar (9.9, 10.10, 11.11, 12.12), and the one after it. */
  flashSaleDaysAheadMax: 62,
  /** One for each day of that time. */
  flashSalesAheadMax: 62,
  /** Sales that one run begins or ends. */
  flashSalesTurnedMax: 200,
  /** Far longer than a payment that comes late: who has bought in a sale with a limit for each buyer is forgotten so long after it. */
  flashSaleBuyersKeptDays: 30,
  /** Buyers of long ago that one statement forgets. */
  flashSaleBuyersForgottenMax: 1_000,
  /** Variants that one run tells of as moved: what is sold of the same shop meanwhile waits for no more of them. */
  listingsMovedMax: 200,
} as const
