ALTER TABLE "payment_order"
  ADD COLUMN "refunded_items" BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN "refunded_shipping" BIGINT NOT NULL DEFAULT 0;
UPDATE "payment_order" SET "refunded_items" = "items_amount", "refunded_shipping" = "shipping_amount" WHERE "escrow" IN ('REFUNDING', 'REFUNDED');
-- The last word on giving back more than was taken, whatever the code above it does.
ALTER TABLE "payment_order" ADD CONSTRAINT "payment_order_refunded_within"
  CHECK ("refunded_items" BETWEEN 0 AND "items_amount" AND "refunded_shipping" BETWEEN 0 AND "shipping_amount");

CREATE INDEX "refund_payment_id_id_idx" ON "refund" ("payment_id", "id");
