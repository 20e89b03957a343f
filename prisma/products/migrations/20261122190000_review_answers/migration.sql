-- What a shop answers to a review, and since when and why staff have that down. Not checked against rows of before, which have nothing of it.
ALTER TABLE "review"
  ADD COLUMN "answer" TEXT,
  ADD COLUMN "answered_at" TIMESTAMPTZ(3),
  ADD COLUMN "answer_taken_down_at" TIMESTAMPTZ(3),
  ADD COLUMN "answer_taken_down_reason" TEXT,
  ADD CONSTRAINT "review_answer" CHECK (
    ("answer" IS NULL) = ("answered_at" IS NULL)
    AND ("answer_taken_down_at" IS NULL) = ("answer_taken_down_reason" IS NULL)
    AND ("answer_taken_down_at" IS NULL OR "answer" IS NOT NULL)) NOT VALID;
