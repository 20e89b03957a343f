-- A provider may work on a refund for weeks, and keep our key for it for days: by its own name it is asked about, and not asked for again.
-- One that it makes a second time, under another key, is told by another word.
ALTER TABLE "refund" ADD COLUMN "provider_reference" TEXT, ADD COLUMN "made_by" TEXT;
