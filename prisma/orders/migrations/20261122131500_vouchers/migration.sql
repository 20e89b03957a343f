-- Codes that make orders of a shop cheaper. Nobody is ever given more uses than there are, whatever the code above it does.
CREATE TABLE "voucher" (
  "id" TEXT NOT NULL,
  "shop_id" TEXT NOT NULL,
  "code" TEXT NOT NULL,
  "amount" BIGINT,
  "percent" INTEGER,
  "max_discount" BIGINT,
  "minimum_spend" BIGINT NOT NULL,
  "uses" INTEGER NOT NULL,
  "uses_per_buyer" INTEGER NOT NULL,
  "used" INTEGER NOT NULL DEFAULT 0,
  "listed" BOOLEAN NOT NULL,
  "starts_at" TIMESTAMPTZ(3) NOT NULL,
  "ends_at" TIMESTAMPTZ(3) NOT NULL,
  "ended_at" TIMESTAMPTZ(3),
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "version" INTEGER NOT NULL DEFAULT 1,
  CONSTRAINT "voucher_pkey" PRIMARY KEY ("id"),
  CONSTRAINT "voucher_used_within" CHECK ("used" BETWEEN 0 AND "uses"),
  CONSTRAINT "voucher_uses" CHECK ("uses" > 0 AND "uses_per_buyer" > 0),
  CONSTRAINT "voucher_kind" CHECK (
    ("amount" > 0 AND "percent" IS NULL AND "max_discount" IS NULL) IS TRUE OR
    ("amount" IS NULL AND "percent" BETWEEN 1 AND 90 AND "max_discount" > 0) IS TRUE
  ),
  CONSTRAINT "voucher_minimum_spend" CHECK ("minimum_spend" > 0),
  CONSTRAINT "voucher_times" CHECK ("starts_at" < "ends_at")
);
CREATE UNIQUE INDEX "voucher_shop_id_code_key" ON "voucher" ("shop_id", "code");
CREATE INDEX "voucher_shop_id_created_at_id_idx" ON "voucher" ("shop_id", "created_at" DESC, "id" DESC);
CREATE INDEX "voucher_listed" ON "voucher" ("shop_id", "ends_at", "id") WHERE "listed" AND "ended_at" IS NULL;

-- An order that holds a use of a voucher; one that came to nothing has given it back.
CREATE TABLE "voucher_use" (
  "order_id" TEXT NOT NULL,
  "voucher_id" TEXT NOT NULL,
  "buyer_id" TEXT NOT NULL,
  "claimed_at" TIMESTAMPTZ(3) NOT NULL,
  "given_back_at" TIMESTAMPTZ(3),
  CONSTRAINT "voucher_use_pkey" PRIMARY KEY ("order_id"),
  CONSTRAINT "voucher_use_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "shop_order" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT "voucher_use_voucher_id_fkey" FOREIGN KEY ("voucher_id") REFERENCES "voucher" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "voucher_use_voucher_id_buyer_id_idx" ON "voucher_use" ("voucher_id", "buyer_id");

-- What is there has no discount, and keeps to the constraints: it is not read through for them.
ALTER TABLE "checkout" ADD COLUMN "discount" BIGINT;
ALTER TABLE "checkout" ADD CONSTRAINT "checkout_discount" CHECK ("discount" BETWEEN 0 AND "items_total") NOT VALID;
ALTER TABLE "order_line" ADD COLUMN "discount" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "order_line" ADD CONSTRAINT "order_line_discount" CHECK ("discount" BETWEEN 0 AND "quantity" * "unit_price") NOT VALID;
ALTER TABLE "shop_order" ADD COLUMN "discount" BIGINT NOT NULL DEFAULT 0, ADD COLUMN "voucher_code" TEXT;
ALTER TABLE "shop_order"
  ADD CONSTRAINT "shop_order_discount" CHECK (("discount" > 0) = ("voucher_code" IS NOT NULL) AND "discount" BETWEEN 0 AND "items_total") NOT VALID;
ALTER TABLE "shop_order" DROP CONSTRAINT "shop_order_refunded_within";
-- The last word on giving back more than was paid, whatever the code above it does.
ALTER TABLE "shop_order" ADD CONSTRAINT "shop_order_refunded_within" CHECK (
  "refunded_items" BETWEEN 0 AND "items_total" - "discount" AND "refunded_shipping" BETWEEN 0 AND "shipping_cost"
) NOT VALID;
