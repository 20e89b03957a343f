-- Amounts come from the log of what the provider said and from our own refunds; nothing is added up in place any more.
ALTER TABLE "payment_event" ADD COLUMN "disputed_amount" BIGINT NOT NULL DEFAULT 0 CHECK ("disputed_amount" >= 0);
GRANT UPDATE ON "payment_event" TO CURRENT_USER;
ALTER TABLE "payment_event" DISABLE TRIGGER "payment_event_append_only";
UPDATE "payment_event" SET "disputed_amount" = "posting"."amount"
  FROM "journal" JOIN "posting" ON "journal_id" = "journal"."id" AND "posting"."amount" > 0
  WHERE "journal"."kind" = 'DISPUTE' AND "journal"."reference" = 'dispute:' || "message_key";
ALTER TABLE "payment_event" ENABLE TRIGGER "payment_event_append_only";
REVOKE UPDATE ON "payment_event" FROM CURRENT_USER;

ALTER TABLE "payment" DROP COLUMN "reversed_amount";

-- What the seller is charged is fixed when the order is paid for; orders from before are not charged anything.
ALTER TABLE "payment_order" ADD COLUMN "terms" JSONB NOT NULL
  DEFAULT '{"commission":[],"paymentFee":"0","incomeTaxExempt":true,"vatRegistered":false}';
ALTER TABLE "payment_order" ALTER COLUMN "terms" DROP DEFAULT;

-- Which account the money of a refund left the escrow for.
ALTER TABLE "refund" ADD COLUMN "against" TEXT CHECK ("against" IN ('PROVIDER', 'WALLET', 'DISPUTES'));
UPDATE "refund" SET "against" = CASE WHEN "destination" = 'WALLET_BALANCE' THEN 'WALLET' WHEN "state" = 'REQUESTED' OR EXISTS (
    SELECT FROM "journal" JOIN "posting" ON "journal_id" = "journal"."id"
    WHERE "reference" = 'refund:' || "refund"."id" AND "account_id" = 'PROVIDER_CLEARING') THEN 'PROVIDER' ELSE 'DISPUTES' END;
ALTER TABLE "refund" ALTER COLUMN "against" SET NOT NULL;

ALTER TABLE "account" DROP CONSTRAINT "account_kind_check";
ALTER TABLE "account" ADD CONSTRAINT "account_kind_check" CHECK ("kind" IN ('PROVIDER_CLEARING', 'ESCROW', 'SELLER_BALANCE', 'COURIER_PAYABLE',
  'BUYER_WALLET', 'PROVIDER_DISPUTES', 'REFUND_PAYABLE', 'COMMISSION', 'PAYMENT_FEE', 'VAT_PAYABLE', 'INCOME_TAX_PAYABLE', 'PAYOUT',
  'COURIER_RECEIVABLE'));
ALTER TABLE "journal" DROP CONSTRAINT "journal_kind_check";
ALTER TABLE "journal" ADD CONSTRAINT "journal_kind_check" CHECK ("kind" IN ('CAPTURE', 'RELEASE', 'REFUND', 'REFUND_PAID', 'REFUND_REROUTED',
  'DISPUTE', 'WITHDRAWAL', 'PAYOUT', 'PAYOUT_FAILED', 'PAYOUT_REVERSED'));

-- Refunds that the provider was asked for before are now owed to the buyer and no longer in escrow.
DO $$
DECLARE one RECORD; made TEXT;
BEGIN
  FOR one IN SELECT id, order_id, amount, created_at FROM refund WHERE state = 'REQUESTED' ORDER BY order_id LOOP
    made := 'jnl_' || replace(gen_random_uuid()::text, '-', '');
    INSERT INTO account (id, kind, owner_id, normal_side, may_be_negative, currency, opened_at)
      VALUES ('REFUND_PAYABLE:' || one.order_id, 'REFUND_PAYABLE', one.order_id, 'CREDIT', false, 'IDR', one.created_at) ON CONFLICT DO NOTHING;
    INSERT INTO journal (id, kind, reference, posted_at) VALUES (made, 'REFUND', 'refund:' || one.id, one.created_at);
    INSERT INTO posting (journal_id, account_id, amount, currency, purpose) VALUES
      (made, 'ESCROW:' || one.order_id, one.amount, 'IDR', 'REFUND'),
      (made, 'REFUND_PAYABLE:' || one.order_id, -one.amount, 'IDR', 'REFUND');
  END LOOP;
END $$;

-- The most particular rule counts: shop and category, shop, category, everybody; of several the newest that has begun.
CREATE TABLE "commission_rule" (
  "id" BIGSERIAL PRIMARY KEY,
  "shop_id" TEXT,
  "category_id" TEXT,
  "basis_points" INTEGER NOT NULL CHECK ("basis_points" BETWEEN 0 AND 10000),
  "valid_from" TIMESTAMPTZ(3) NOT NULL
);
CREATE UNIQUE INDEX "commission_rule_once" ON "commission_rule" ("shop_id", "category_id", "valid_from") NULLS NOT DISTINCT;
INSERT INTO "commission_rule" ("basis_points", "valid_from") VALUES (400, '2026-01-01');

-- What a payment costs the sellers whose orders it pays: a fixed part and a share of the amount.
CREATE TABLE "payment_fee_rule" (
  "id" BIGSERIAL PRIMARY KEY,
  "method" TEXT,
  "fixed_amount" BIGINT NOT NULL CHECK ("fixed_amount" >= 0),
  "basis_points" INTEGER NOT NULL CHECK ("basis_points" BETWEEN 0 AND 10000),
  "valid_from" TIMESTAMPTZ(3) NOT NULL
);
CREATE UNIQUE INDEX "payment_fee_rule_once" ON "payment_fee_rule" ("method", "valid_from") NULLS NOT DISTINCT;
INSERT INTO "payment_fee_rule" ("method", "fixed_amount", "basis_points", "valid_from") VALUES
  (NULL, 0, 150, '2026-01-01'), ('BCA_VA', 4000, 0, '2026-01-01'), ('BNI_VA', 4000, 0, '2026-01-01'), ('BRI_VA', 4000, 0, '2026-01-01'),
  ('PERMATA_VA', 4000, 0, '2026-01-01'), ('QRIS', 0, 70, '2026-01-01'), ('CARD', 2000, 290, '2026-01-01'), ('WALLET', 0, 0, '2026-01-01'),
  ('COD', 0, 0, '2026-01-01');

-- What the tax office needs of a shop: the withholding counts for every shop that has not handed in a statement.
CREATE TABLE "shop_tax" (
  "shop_id" TEXT PRIMARY KEY,
  "income_tax_exempt" BOOLEAN NOT NULL,
  "vat_registered" BOOLEAN NOT NULL,
  "changed_at" TIMESTAMPTZ(3) NOT NULL
);
