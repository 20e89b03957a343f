-- A flash sale may have a number of units of its own, and one for each buyer. What reservations take of such a sale is counted and written
-- down, and goes back into it with their goods.
ALTER TABLE "flash_sale"
  ADD COLUMN "units" INTEGER CHECK ("units" > 0),
  ADD COLUMN "units_per_buyer" INTEGER CHECK ("units_per_buyer" > 0),
  ADD COLUMN "taken" INTEGER NOT NULL DEFAULT 0,
  ADD COLUMN "sold" INTEGER NOT NULL DEFAULT 0 CHECK ("sold" >= 0),
  ADD CONSTRAINT "flash_sale_has_what_is_taken" CHECK ("taken" >= "sold" AND "taken" <= "units");

CREATE TABLE "flash_sale_claim" (
  "reservation_id" TEXT NOT NULL REFERENCES "reservation" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "flash_sale_id" TEXT NOT NULL REFERENCES "flash_sale" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "buyer_id" TEXT,
  "quantity" INTEGER NOT NULL CHECK ("quantity" > 0),
  "given_back" BOOLEAN NOT NULL DEFAULT false,
  PRIMARY KEY ("reservation_id", "flash_sale_id")
);
CREATE INDEX "flash_sale_claim_flash_sale_id_buyer_id_idx" ON "flash_sale_claim" ("flash_sale_id", "buyer_id") WHERE "buyer_id" IS NOT NULL;
CREATE INDEX "flash_sale_claim_buyer_id_idx" ON "flash_sale_claim" ("buyer_id") WHERE "buyer_id" IS NOT NULL;
