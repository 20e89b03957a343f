-- Reviews that staff have taken down; why goes with the author's account. Not checked against rows of before, which have neither.
ALTER TABLE "review"
  ADD COLUMN "taken_down_at" TIMESTAMPTZ(3),
  ADD COLUMN "taken_down_reason" TEXT,
  ADD CONSTRAINT "review_taken_down" CHECK ("taken_down_reason" IS NULL OR "taken_down_at" IS NOT NULL) NOT VALID;
