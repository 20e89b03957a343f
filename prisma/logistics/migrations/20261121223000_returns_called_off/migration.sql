-- The parcel of a return may be called off before it is heard of, as that of an order may.
ALTER TABLE "cancelled_order" RENAME TO "called_off_parcel";
ALTER TABLE "called_off_parcel" RENAME COLUMN "cancelled_at" TO "called_off_at";
ALTER TABLE "called_off_parcel" ADD COLUMN "direction" TEXT NOT NULL DEFAULT 'OUTBOUND',
  DROP CONSTRAINT "cancelled_order_pkey",
  ADD CONSTRAINT "called_off_parcel_pkey" PRIMARY KEY ("order_id", "direction"),
  ADD CONSTRAINT "called_off_parcel_direction" CHECK ("direction" IN ('OUTBOUND', 'RETURN'));
