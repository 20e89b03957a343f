-- What staff see of a saga beside where it stands: what became of each step, and what went wrong last.
ALTER TABLE "saga" ADD COLUMN "trail" JSONB NOT NULL DEFAULT '[]';
ALTER TABLE "saga" ADD COLUMN "last_error" TEXT;
