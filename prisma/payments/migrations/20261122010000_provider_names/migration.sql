-- Providers tell of payments and withdrawals by their own names for them.
CREATE INDEX "payment_transaction_at_provider" ON "payment" ("provider_transaction_id") WHERE "provider_transaction_id" IS NOT NULL;
CREATE INDEX "payment_reference_at_provider" ON "payment" ("provider_reference") WHERE "provider_reference" IS NOT NULL;
CREATE INDEX "withdrawal_reference_at_provider" ON "withdrawal" ("provider_reference") WHERE "provider_reference" IS NOT NULL;
