-- Refunds after the release: what a shop cannot pay back from its balance is owed by it.
ALTER TABLE "account" DROP CONSTRAINT "account_kind_check";
ALTER TABLE "account" ADD CONSTRAINT "account_kind_check" CHECK ("kind" IN ('PROVIDER_CLEARING', 'ESCROW', 'SELLER_BALANCE', 'COURIER_PAYABLE',
  'BUYER_WALLET', 'PROVIDER_DISPUTES', 'REFUND_PAYABLE', 'COMMISSION', 'PAYMENT_FEE', 'VAT_PAYABLE', 'INCOME_TAX_PAYABLE', 'PAYOUT',
  'COURIER_RECEIVABLE', 'SELLER_RECEIVABLE'));
ALTER TABLE "journal" DROP CONSTRAINT "journal_kind_check";
ALTER TABLE "journal" ADD CONSTRAINT "journal_kind_check" CHECK ("kind" IN ('CAPTURE', 'RELEASE', 'REFUND', 'REFUND_PAID', 'REFUND_REROUTED',
  'CLAWBACK', 'DISPUTE', 'WITHDRAWAL', 'PAYOUT', 'PAYOUT_FAILED', 'PAYOUT_REVERSED'));
CREATE INDEX "account_debts" ON "account" ("owner_id") WHERE "kind" = 'SELLER_RECEIVABLE' AND "balance" > 0;
