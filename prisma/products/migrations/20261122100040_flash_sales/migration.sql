-- A lower price of a variant for a while. What it costs before and after is known once the sale has begun.
CREATE TABLE "flash_sale" (
  "id" TEXT PRIMARY KEY,
  "variant_id" TEXT NOT NULL REFERENCES "variant" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "shop_id" TEXT NOT NULL,
  "price" BIGINT NOT NULL CHECK ("price" > 0),
  "regular_price" BIGINT,
  "starts_at" TIMESTAMPTZ(3) NOT NULL,
  "ends_at" TIMESTAMPTZ(3) NOT NULL,
  "state" TEXT NOT NULL DEFAULT 'SCHEDULED' CHECK ("state" IN ('SCHEDULED', 'RUNNING', 'ENDED', 'CANCELLED')),
  "turns_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "flash_sale_lasts" CHECK ("ends_at" > "starts_at"),
  CONSTRAINT "flash_sale_is_cheaper" CHECK ("state" <> 'RUNNING' OR ("regular_price" IS NOT NULL AND "regular_price" > "price")),
  CONSTRAINT "flash_sale_turns" CHECK (("state" IN ('SCHEDULED', 'RUNNING')) = ("turns_at" IS NOT NULL))
);
CREATE INDEX "flash_sale_variant_id_starts_at_idx" ON "flash_sale" ("variant_id", "starts_at");
CREATE INDEX "flash_sale_shop_id_starts_at_id_idx" ON "flash_sale" ("shop_id", "starts_at", "id");
CREATE UNIQUE INDEX "flash_sale_running_key" ON "flash_sale" ("variant_id") WHERE "state" = 'RUNNING';
CREATE INDEX "flash_sale_running_ends_at_idx" ON "flash_sale" ("ends_at", "id") WHERE "state" = 'RUNNING';
CREATE INDEX "flash_sale_turns_at_idx" ON "flash_sale" ("turns_at") WHERE "turns_at" IS NOT NULL;
