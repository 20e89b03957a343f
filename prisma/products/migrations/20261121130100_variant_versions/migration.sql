-- Grows with every change that the seller makes, so that a stale one is noticed.
ALTER TABLE "variant" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;
