-- A shop takes a bank account off its list; the withdrawals that went there keep it.
ALTER TABLE "bank_account" ADD COLUMN "removed_at" TIMESTAMPTZ(3);
