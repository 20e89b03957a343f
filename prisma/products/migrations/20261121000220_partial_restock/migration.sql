ALTER TABLE "reservation_allocation" ADD COLUMN "restocked" INTEGER NOT NULL DEFAULT 0;
UPDATE "reservation_allocation" SET "restocked" = "quantity" WHERE "restocked_at" IS NOT NULL;
-- The last word on putting back more than was sold.
ALTER TABLE "reservation_allocation" ADD CONSTRAINT "reservation_allocation_restocked" CHECK ("restocked" BETWEEN 0 AND "quantity");
