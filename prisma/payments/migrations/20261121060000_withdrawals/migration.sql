CREATE TABLE "bank_account" (
  "id" TEXT PRIMARY KEY,
  "shop_id" TEXT NOT NULL,
  "bank" TEXT NOT NULL CHECK ("bank" IN ('BCA', 'BNI', 'BRI', 'MANDIRI', 'PERMATA')),
  "number" TEXT NOT NULL,
  "holder" TEXT NOT NULL,
  "added_by" TEXT NOT NULL,
  "added_at" TIMESTAMPTZ(3) NOT NULL
);
CREATE UNIQUE INDEX "bank_account_shop_id_bank_number_key" ON "bank_account" ("shop_id", "bank", "number");

CREATE TABLE "withdrawal" (
  "id" TEXT PRIMARY KEY,
  "shop_id" TEXT NOT NULL,
  "bank_account_id" TEXT NOT NULL REFERENCES "bank_account" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  "amount" BIGINT NOT NULL CHECK ("amount" > 0),
  "state" TEXT NOT NULL CHECK ("state" IN ('REQUESTED', 'SENT', 'PAID', 'FAILED', 'REVERSED')),
  "provider" TEXT NOT NULL CHECK ("provider" IN ('MIDTRANS', 'XENDIT')),
  "provider_reference" TEXT,
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "next_try_at" TIMESTAMPTZ(3) NOT NULL,
  "requested_by" TEXT NOT NULL,
  "requested_at" TIMESTAMPTZ(3) NOT NULL,
  "ended_at" TIMESTAMPTZ(3),
  CHECK (("state" IN ('REQUESTED', 'SENT')) = ("ended_at" IS NULL))
);
CREATE INDEX "withdrawal_shop_id_id_idx" ON "withdrawal" ("shop_id", "id");
CREATE INDEX "withdrawal_due" ON "withdrawal" ("next_try_at") WHERE "state" IN ('REQUESTED', 'SENT');

-- What the provider said of a withdrawal, as it came: append-only, as what it says of payments.
CREATE TABLE "payout_event" (
  "id" BIGSERIAL PRIMARY KEY,
  "withdrawal_id" TEXT NOT NULL REFERENCES "withdrawal" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  "message_key" TEXT NOT NULL,
  "provider_status" TEXT NOT NULL,
  "outcome" TEXT NOT NULL CHECK ("outcome" IN ('APPLIED', 'SUPERSEDED')),
  "received_at" TIMESTAMPTZ(3) NOT NULL
);
CREATE UNIQUE INDEX "payout_event_message_key_key" ON "payout_event" ("message_key");
CREATE INDEX "payout_event_withdrawal_id_idx" ON "payout_event" ("withdrawal_id");
CREATE TRIGGER "payout_event_append_only" BEFORE UPDATE OR DELETE ON "payout_event" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "payout_event_no_truncate" BEFORE TRUNCATE ON "payout_event" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
REVOKE UPDATE, DELETE, TRUNCATE ON "payout_event" FROM CURRENT_USER;
