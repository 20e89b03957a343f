-- Variants whose listing is sent from another regency than it says, each once, however often their warehouse moves. What is sold is not behind them.
CREATE TABLE "listing_moved" (
  "variant_id" TEXT PRIMARY KEY,
  "place" BIGSERIAL NOT NULL
);
CREATE UNIQUE INDEX "listing_moved_place_key" ON "listing_moved" ("place");
