ALTER TABLE "shipment" ADD COLUMN "cancel_requested_at" TIMESTAMPTZ(3), ADD COLUMN "cancel_answered_at" TIMESTAMPTZ(3);

-- An order may be cancelled before its parcel is booked.
ALTER TABLE "shipment" DROP CONSTRAINT "shipment_is_booked",
  ADD CONSTRAINT "shipment_is_booked" CHECK ("status" = 'CANCELLED' OR ("status" = 'REQUESTED') = ("tracking_number" IS NULL)),
  ADD CONSTRAINT "shipment_answer_was_asked_for" CHECK ("cancel_answered_at" IS NULL OR "cancel_requested_at" IS NOT NULL);

DROP INDEX "shipment_pickup_unsent";
CREATE INDEX "shipment_pickup_unsent" ON "shipment" ("next_try_at")
  WHERE "pickup_requested_at" IS NOT NULL AND "pickup_sent_at" IS NULL AND "cancel_requested_at" IS NULL;
CREATE INDEX "shipment_cancel_unanswered" ON "shipment" ("next_try_at")
  WHERE "cancel_requested_at" IS NOT NULL AND "cancel_answered_at" IS NULL;

CREATE TABLE "cancelled_order" (
  "order_id" TEXT PRIMARY KEY,
  "cancelled_at" TIMESTAMPTZ(3) NOT NULL
);
