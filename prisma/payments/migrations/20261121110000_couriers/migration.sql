-- What is between the market and its couriers: each due by itself, its sums on the courier's accounts.
ALTER TABLE "account" DROP CONSTRAINT "account_kind_check";
ALTER TABLE "account" ADD CONSTRAINT "account_kind_check" CHECK ("kind" IN ('PROVIDER_CLEARING', 'ESCROW', 'SELLER_BALANCE', 'COURIER_PAYABLE',
  'BUYER_WALLET', 'PROVIDER_DISPUTES', 'REFUND_PAYABLE', 'COMMISSION', 'PAYMENT_FEE', 'VAT_PAYABLE', 'INCOME_TAX_PAYABLE', 'PAYOUT',
  'COURIER_RECEIVABLE', 'SELLER_RECEIVABLE', 'COURIER_DEBT', 'COURIER_COSTS', 'BANK'));
ALTER TABLE "journal" DROP CONSTRAINT "journal_kind_check";
ALTER TABLE "journal" ADD CONSTRAINT "journal_kind_check" CHECK ("kind" IN ('CAPTURE', 'RELEASE', 'REFUND', 'REFUND_PAID', 'REFUND_REROUTED',
  'CLAWBACK', 'DISPUTE', 'WITHDRAWAL', 'PAYOUT', 'PAYOUT_FAILED', 'PAYOUT_REVERSED', 'COURIER_DUE', 'COURIER_STATEMENT', 'COURIER_WRITE_OFF'));

-- Who bears the way back of an order's return; orders from before were told of it without a word.
ALTER TABLE "payment_order" ADD COLUMN "way_back_borne_by" TEXT CHECK ("way_back_borne_by" IN ('SELLER', 'MARKET'));
UPDATE "payment_order" SET "way_back_borne_by" = 'MARKET';

CREATE TABLE "courier_statement" (
  "id" TEXT PRIMARY KEY,
  "courier_id" TEXT NOT NULL,
  "reference" TEXT NOT NULL,
  "received" BIGINT NOT NULL,
  "recorded_by" TEXT NOT NULL,
  "recorded_at" TIMESTAMPTZ(3) NOT NULL
);
CREATE UNIQUE INDEX "courier_statement_courier_id_reference_key" ON "courier_statement" ("courier_id", "reference");

CREATE TABLE "courier_statement_line" (
  "statement_id" TEXT NOT NULL REFERENCES "courier_statement" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  "place" INTEGER NOT NULL,
  "kind" TEXT NOT NULL CHECK ("kind" IN ('COD', 'LOST_PARCEL', 'SHIPPING', 'RETURN_SHIPPING')),
  "tracking_number" TEXT NOT NULL,
  "amount" BIGINT NOT NULL CHECK ("amount" > 0),
  "matched" BIGINT NOT NULL CHECK ("matched" BETWEEN 0 AND "amount"),
  "outcome" TEXT NOT NULL CHECK ("outcome" IN ('MATCHED', 'LESS', 'MORE', 'UNKNOWN')),
  PRIMARY KEY ("statement_id", "place")
);
CREATE TRIGGER "courier_statement_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "courier_statement"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "courier_statement_line_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "courier_statement_line"
  FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

CREATE TABLE "courier_due" (
  "id" TEXT PRIMARY KEY,
  "source" TEXT NOT NULL,
  "courier_id" TEXT NOT NULL,
  "kind" TEXT NOT NULL
    CHECK ("kind" IN ('COD', 'LOST_PARCEL', 'UNIDENTIFIED_CHARGE', 'SHIPPING', 'RETURN_SHIPPING', 'UNIDENTIFIED_PAYMENT')),
  "owed_by" TEXT NOT NULL CHECK ("owed_by" IN ('COURIER', 'MARKET')),
  "order_id" TEXT,
  "tracking_number" TEXT NOT NULL,
  "amount" BIGINT NOT NULL CHECK ("amount" > 0),
  "settled" BIGINT NOT NULL DEFAULT 0 CHECK ("settled" BETWEEN 0 AND "amount"),
  "state" TEXT NOT NULL CHECK ("state" IN ('OPEN', 'PARTLY_SETTLED', 'SETTLED', 'WRITTEN_OFF')),
  "arisen_at" TIMESTAMPTZ(3) NOT NULL,
  "ended_at" TIMESTAMPTZ(3),
  CONSTRAINT "courier_due_state" CHECK (CASE "state" WHEN 'OPEN' THEN "settled" = 0 WHEN 'PARTLY_SETTLED' THEN "settled" BETWEEN 1 AND "amount" - 1
    WHEN 'SETTLED' THEN "settled" = "amount" ELSE "settled" < "amount" END),
  CONSTRAINT "courier_due_ended" CHECK (("state" IN ('SETTLED', 'WRITTEN_OFF')) = ("ended_at" IS NOT NULL))
);
CREATE UNIQUE INDEX "courier_due_source_key" ON "courier_due" ("source");
CREATE INDEX "courier_due_courier_id_tracking_number_idx" ON "courier_due" ("courier_id", "tracking_number");
CREATE INDEX "courier_due_open" ON "courier_due" ("id") WHERE "state" IN ('OPEN', 'PARTLY_SETTLED');
