-- That a courier would not call a parcel off is not its word that it has it.
ALTER TABLE "shipment" ADD COLUMN "pickup_guessed" BOOLEAN NOT NULL DEFAULT false;
UPDATE "shipment" SET "pickup_guessed" = true
WHERE "picked" AND "cancel_answered_at" IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM "tracking_event" told
  WHERE told."shipment_id" = "shipment"."id" AND told."outcome" IN ('APPLIED', 'LATE')
    AND told."status" IN ('PICKED', 'DROPPING_OFF', 'RETURN_IN_TRANSIT', 'RETURNED', 'LOST', 'DELIVERED'));
