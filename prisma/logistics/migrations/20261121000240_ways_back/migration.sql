-- An order has one parcel to its buyer, and one back to the shop where the buyer returns something.
ALTER TABLE "shipment" ADD COLUMN "direction" TEXT NOT NULL DEFAULT 'OUTBOUND', ADD COLUMN "return_id" TEXT;
ALTER TABLE "shipment"
  ADD CONSTRAINT "shipment_direction" CHECK ("direction" IN ('OUTBOUND', 'RETURN') AND ("direction" = 'RETURN') = ("return_id" IS NOT NULL));
DROP INDEX "shipment_order_id_key";
CREATE UNIQUE INDEX "shipment_order_id_direction_key" ON "shipment" ("order_id", "direction");

ALTER TABLE "shipment" DROP CONSTRAINT "shipment_status_check";
ALTER TABLE "shipment" ADD CONSTRAINT "shipment_status_check" CHECK ("status" IN ('REQUESTED', 'CONFIRMED', 'ALLOCATED', 'PICKING_UP',
  'PICKED', 'DROPPING_OFF', 'DELIVERED', 'ON_HOLD', 'RETURN_IN_TRANSIT', 'RETURNED', 'LOST', 'CANCELLED'));

-- What a courier owes for a parcel that it lost; only ever added.
CREATE TABLE "courier_claim" (
  "shipment_id" TEXT PRIMARY KEY,
  "courier_id" TEXT NOT NULL,
  "amount" BIGINT NOT NULL CHECK ("amount" >= 0),
  "noted_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "courier_claim_shipment_id_fkey" FOREIGN KEY ("shipment_id") REFERENCES "shipment" ("id") ON DELETE RESTRICT ON UPDATE CASCADE
);
CREATE INDEX "courier_claim_courier_id_noted_at_idx" ON "courier_claim" ("courier_id", "noted_at");
