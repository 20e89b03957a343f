-- A withdrawal goes where its bank account was when it was asked for: a provider takes each attempt for the same one only if it says the same.
ALTER TABLE "withdrawal" ADD COLUMN "bank" TEXT, ADD COLUMN "number" TEXT, ADD COLUMN "holder" TEXT, ADD COLUMN "asked_at" TIMESTAMPTZ(3);
UPDATE "withdrawal" SET "bank" = "bank_account"."bank", "number" = "bank_account"."number", "holder" = "bank_account"."holder"
  FROM "bank_account" WHERE "bank_account"."id" = "withdrawal"."bank_account_id";
ALTER TABLE "withdrawal" ALTER COLUMN "bank" SET NOT NULL, ALTER COLUMN "number" SET NOT NULL, ALTER COLUMN "holder" SET NOT NULL;

-- Since when the provider may have it: for those that were sent before, the first attempt came no sooner than the wish.
UPDATE "withdrawal" SET "asked_at" = "requested_at" WHERE "attempts" > 0;
