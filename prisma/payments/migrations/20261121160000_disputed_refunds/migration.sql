-- How much of a refund the provider had given back before: that part settles a dispute, only the rest still goes to the buyer.
ALTER TABLE "refund" ADD COLUMN "disputed_amount" BIGINT NOT NULL DEFAULT 0;
UPDATE "refund" SET "disputed_amount" = "amount" WHERE "against" = 'DISPUTES';
ALTER TABLE "refund" ADD CONSTRAINT "refund_disputed_within"
  CHECK ("disputed_amount" BETWEEN 0 AND "amount" AND ("against" = 'DISPUTES') = ("disputed_amount" = "amount"));
