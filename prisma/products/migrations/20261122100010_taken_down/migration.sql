-- What staff have taken down. The constraints are not checked against rows of before: none of them can break these, and reading all would lock the table.
ALTER TABLE "product"
  ADD COLUMN "taken_down_at" TIMESTAMPTZ(3),
  ADD COLUMN "taken_down_reason" TEXT,
  ADD COLUMN "taken_down_from" TEXT,
  DROP CONSTRAINT "product_status",
  ADD CONSTRAINT "product_status" CHECK ("status" IN ('DRAFT', 'PUBLISHED', 'ARCHIVED', 'TAKEN_DOWN')) NOT VALID,
  ADD CONSTRAINT "product_taken_down" CHECK (
    num_nonnulls("taken_down_at", "taken_down_reason", "taken_down_from") = CASE WHEN "status" = 'TAKEN_DOWN' THEN 3 ELSE 0 END
    AND "taken_down_from" IN ('DRAFT', 'PUBLISHED', 'ARCHIVED')) NOT VALID;
