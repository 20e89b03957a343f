-- How a variant's stock is taken: from one counter per warehouse, or, where many buyers want the same thing at once, from rows of one unit.
ALTER TABLE "variant" ADD COLUMN "stock_mode" TEXT NOT NULL DEFAULT 'COUNTER';
ALTER TABLE "variant" ADD CONSTRAINT "variant_stock_mode" CHECK ("stock_mode" IN ('COUNTER', 'UNITS'));
CREATE INDEX "variant_by_units" ON "variant" ("id") WHERE "stock_mode" = 'UNITS';

-- Units that lie ready to be taken, one row each. The counter has them as reserved: whoever takes one need not touch the counter.
CREATE TABLE "stock_unit" (
  "variant_id" TEXT NOT NULL,
  "warehouse_id" TEXT NOT NULL,
  "id" BIGSERIAL NOT NULL,
  PRIMARY KEY ("variant_id", "warehouse_id", "id"),
  CONSTRAINT "stock_unit_variant_id_warehouse_id_fkey" FOREIGN KEY ("variant_id", "warehouse_id")
    REFERENCES "stock" ("variant_id", "warehouse_id") ON DELETE RESTRICT ON UPDATE CASCADE
);
-- As many rows come as go, all day long.
ALTER TABLE "stock_unit" SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);

-- What a variant is made of, if it is a bundle; its stock is that of its components.
CREATE TABLE "bundle_component" (
  "bundle_id" TEXT NOT NULL REFERENCES "variant" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "component_id" TEXT NOT NULL REFERENCES "variant" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
  "quantity" INTEGER NOT NULL,
  PRIMARY KEY ("bundle_id", "component_id")
);
ALTER TABLE "bundle_component"
  ADD CONSTRAINT "bundle_component_quantity" CHECK ("quantity" > 0),
  ADD CONSTRAINT "bundle_component_of_others" CHECK ("bundle_id" <> "component_id");
CREATE INDEX "bundle_component_component_id_idx" ON "bundle_component" ("component_id");

-- Movements also tell what checkouts hold: the sum of "held" is what the counter has as reserved, less the units that lie ready.
ALTER TABLE "stock_movement" ADD COLUMN "held" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "stock_movement" DROP CONSTRAINT "stock_movement_kind";
ALTER TABLE "stock_movement"
  ADD CONSTRAINT "stock_movement_kind"
    CHECK ("kind" IN ('RECEIVED', 'COUNTED', 'DAMAGED', 'LOST', 'CORRECTED', 'IMPORTED', 'SALE', 'RETURN', 'RESERVED', 'RELEASED', 'EXPIRED')),
  ADD CONSTRAINT "stock_movement_held" CHECK (
    CASE "kind"
      WHEN 'RESERVED' THEN "delta" = 0 AND "held" > 0
      WHEN 'RELEASED' THEN "delta" = 0 AND "held" < 0
      WHEN 'EXPIRED' THEN "delta" = 0 AND "held" < 0
      WHEN 'SALE' THEN "held" IN (0, "delta")
      ELSE "held" = 0
    END);
CREATE INDEX "stock_movement_on_hand_changes" ON "stock_movement" ("variant_id", "occurred_at", "id") WHERE "delta" <> 0;

-- Reservations number the events about them, and know which line of the checkout their units are for.
ALTER TABLE "reservation" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 0;
ALTER TABLE "reservation_allocation" ADD COLUMN "sold_as" TEXT, ADD COLUMN "sold" INTEGER;
UPDATE "reservation_allocation" SET "sold_as" = "variant_id", "sold" = "quantity";
ALTER TABLE "reservation_allocation" ALTER COLUMN "sold_as" SET NOT NULL, ALTER COLUMN "sold" SET NOT NULL;
ALTER TABLE "reservation_allocation" DROP CONSTRAINT "reservation_allocation_pkey",
  ADD PRIMARY KEY ("reservation_id", "sold_as", "variant_id", "warehouse_id"),
  ADD CONSTRAINT "reservation_allocation_sold" CHECK ("sold" BETWEEN 0 AND "quantity");

-- Variants whose figures in lists are older than their stock.
CREATE TABLE "listing_due" (
  "id" BIGSERIAL PRIMARY KEY,
  "variant_id" TEXT NOT NULL,
  "sold" INTEGER NOT NULL
);

-- The nth of many ids that are made from one: its last three digits are given away for the number.
CREATE FUNCTION "numbered_id"("base" TEXT, "nth" BIGINT) RETURNS TEXT LANGUAGE sql IMMUTABLE AS $$
  SELECT left("base", -3)
    || substr('0123456789abcdefghjkmnpqrstvwxyz', (("nth" >> 10) & 31)::integer + 1, 1)
    || substr('0123456789abcdefghjkmnpqrstvwxyz', (("nth" >> 5) & 31)::integer + 1, 1)
    || substr('0123456789abcdefghjkmnpqrstvwxyz', ("nth" & 31)::integer + 1, 1)
$$;
