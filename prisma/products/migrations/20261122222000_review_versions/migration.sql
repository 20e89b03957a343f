-- Grows with what staff decide about a review and with what its shop answers, so that of two of the shop the second learns of the first.
ALTER TABLE "review" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;
