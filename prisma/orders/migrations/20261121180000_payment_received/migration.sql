-- That the payment is here shows in the checkout before everything that follows from it is done.
ALTER TABLE "checkout" ADD COLUMN "payment_received_at" TIMESTAMPTZ(3);
-- When exactly was written down nowhere: as its orders say, or else now.
UPDATE "checkout" SET "payment_received_at" = coalesce((SELECT min("paid_at") FROM "shop_order" WHERE "checkout_id" = "checkout"."id"), now())
  FROM "saga" WHERE "saga"."checkout_id" = "checkout"."id" AND "saga"."payment" = 'CAPTURED';
