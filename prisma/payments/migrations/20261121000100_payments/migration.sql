CREATE TABLE "payment" (
  "id" TEXT PRIMARY KEY,
  "checkout_id" TEXT NOT NULL,
  "buyer_id" TEXT NOT NULL,
  "method" TEXT NOT NULL,
  "amount" BIGINT NOT NULL CHECK ("amount" > 0),
  "state" TEXT NOT NULL
    CHECK ("state" IN ('PENDING', 'UNDER_REVIEW', 'CAPTURED', 'EXPIRED', 'DENIED', 'CANCELLED', 'REFUNDED')),
  "provider_status" TEXT,
  "provider_transaction_id" TEXT,
  "instructions" JSONB,
  "reversed_amount" BIGINT NOT NULL DEFAULT 0 CHECK ("reversed_amount" BETWEEN 0 AND "amount"),
  "expires_at" TIMESTAMPTZ(3) NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "captured_at" TIMESTAMPTZ(3),
  "check_at" TIMESTAMPTZ(3),
  CHECK (("state" IN ('CAPTURED', 'REFUNDED')) = ("captured_at" IS NOT NULL))
);
CREATE UNIQUE INDEX "payment_checkout_id_key" ON "payment" ("checkout_id");
CREATE INDEX "payment_due_for_a_check" ON "payment" ("check_at") WHERE "check_at" IS NOT NULL;

CREATE TABLE "cancelled_checkout" (
  "checkout_id" TEXT PRIMARY KEY,
  "cancelled_at" TIMESTAMPTZ(3) NOT NULL
);

CREATE TABLE "payment_order" (
  "order_id" TEXT PRIMARY KEY,
  "payment_id" TEXT NOT NULL REFERENCES "payment" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  "buyer_id" TEXT NOT NULL,
  "shop_id" TEXT NOT NULL,
  "items_amount" BIGINT NOT NULL CHECK ("items_amount" > 0),
  "shipping_amount" BIGINT NOT NULL CHECK ("shipping_amount" >= 0),
  "escrow" TEXT NOT NULL
    CHECK ("escrow" IN ('AWAITING', 'REFUND_ON_CAPTURE', 'RELEASE_ON_CAPTURE', 'HELD', 'RELEASED', 'REFUNDING', 'REFUNDED'))
);
CREATE INDEX "payment_order_payment_id_idx" ON "payment_order" ("payment_id");
CREATE INDEX "payment_order_shop_id_escrow_idx" ON "payment_order" ("shop_id", "escrow");

CREATE TABLE "payment_event" (
  "id" BIGSERIAL PRIMARY KEY,
  "payment_id" TEXT NOT NULL REFERENCES "payment" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  "message_key" TEXT NOT NULL,
  "source" TEXT NOT NULL CHECK ("source" IN ('NOTIFICATION', 'STATUS')),
  "transaction_id" TEXT NOT NULL,
  "provider_status" TEXT NOT NULL,
  "status_code" TEXT NOT NULL,
  "fraud_status" TEXT,
  "amount" BIGINT NOT NULL,
  "reversed_amount" BIGINT,
  "outcome" TEXT NOT NULL CHECK ("outcome" IN ('APPLIED', 'SUPERSEDED', 'DISPUTED')),
  "received_at" TIMESTAMPTZ(3) NOT NULL
);
CREATE UNIQUE INDEX "payment_event_message_key_key" ON "payment_event" ("message_key");
CREATE INDEX "payment_event_payment_id_id_idx" ON "payment_event" ("payment_id", "id");

CREATE TABLE "refund" (
  "id" TEXT PRIMARY KEY,
  "order_id" TEXT NOT NULL,
  "payment_id" TEXT NOT NULL,
  "buyer_id" TEXT NOT NULL,
  "shop_id" TEXT NOT NULL,
  "amount" BIGINT NOT NULL CHECK ("amount" > 0),
  "destination" TEXT NOT NULL CHECK ("destination" IN ('ORIGINAL_METHOD', 'WALLET_BALANCE')),
  "state" TEXT NOT NULL CHECK ("state" IN ('REQUESTED', 'COMPLETED')),
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "next_try_at" TIMESTAMPTZ(3) NOT NULL,
  "created_at" TIMESTAMPTZ(3) NOT NULL,
  "completed_at" TIMESTAMPTZ(3),
  CHECK (("state" = 'COMPLETED') = ("completed_at" IS NOT NULL))
);
CREATE INDEX "refund_order_id_id_idx" ON "refund" ("order_id", "id");
CREATE INDEX "refund_due" ON "refund" ("next_try_at") WHERE "state" = 'REQUESTED';

CREATE TABLE "account" (
  "id" TEXT PRIMARY KEY,
  "kind" TEXT NOT NULL
    CHECK ("kind" IN ('PROVIDER_CLEARING', 'ESCROW', 'SELLER_BALANCE', 'COURIER_PAYABLE', 'BUYER_WALLET', 'PROVIDER_DISPUTES')),
  "owner_id" TEXT,
  "normal_side" TEXT NOT NULL CHECK ("normal_side" IN ('DEBIT', 'CREDIT')),
  "may_be_negative" BOOLEAN NOT NULL,
  "currency" TEXT NOT NULL,
  "balance" BIGINT NOT NULL DEFAULT 0,
  "opened_at" TIMESTAMPTZ(3) NOT NULL,
  CONSTRAINT "account_not_negative"
    CHECK ("may_be_negative" OR CASE "normal_side" WHEN 'DEBIT' THEN "balance" >= 0 ELSE "balance" <= 0 END)
);
CREATE INDEX "account_kind_idx" ON "account" ("kind");

CREATE TABLE "journal" (
  "id" TEXT PRIMARY KEY,
  "kind" TEXT NOT NULL CHECK ("kind" IN ('CAPTURE', 'RELEASE', 'REFUND', 'DISPUTE')),
  "reference" TEXT NOT NULL,
  "posted_at" TIMESTAMPTZ(3) NOT NULL,
  "made_in" BIGINT NOT NULL DEFAULT txid_current()
);
CREATE UNIQUE INDEX "journal_reference_key" ON "journal" ("reference");
CREATE INDEX "journal_posted_at_id_idx" ON "journal" ("posted_at", "id");

CREATE TABLE "posting" (
  "id" BIGSERIAL PRIMARY KEY,
  "journal_id" TEXT NOT NULL REFERENCES "journal" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  "account_id" TEXT NOT NULL REFERENCES "account" ("id") ON DELETE RESTRICT ON UPDATE RESTRICT,
  "amount" BIGINT NOT NULL CHECK ("amount" <> 0),
  "currency" TEXT NOT NULL,
  "purpose" TEXT NOT NULL
);
CREATE INDEX "posting_journal_id_idx" ON "posting" ("journal_id");
CREATE INDEX "posting_account_id_purpose_idx" ON "posting" ("account_id", "purpose");

-- The ledger and the provider's messages are only ever added to. The triggers hold for every role, a superuser's included.
CREATE FUNCTION "refuse_change"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER "journal_append_only" BEFORE UPDATE OR DELETE ON "journal" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "journal_no_truncate" BEFORE TRUNCATE ON "journal" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "posting_append_only" BEFORE UPDATE OR DELETE ON "posting" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "posting_no_truncate" BEFORE TRUNCATE ON "posting" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "payment_event_append_only" BEFORE UPDATE OR DELETE ON "payment_event" FOR EACH ROW EXECUTE FUNCTION "refuse_change"();
CREATE TRIGGER "payment_event_no_truncate" BEFORE TRUNCATE ON "payment_event" FOR EACH STATEMENT EXECUTE FUNCTION "refuse_change"();

-- A journal is complete when its transaction commits: it balances then, and nothing is added later.
CREATE FUNCTION "refuse_late_posting"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM journal WHERE id = NEW.journal_id AND made_in = txid_current()) THEN
    RAISE EXCEPTION 'journal % is closed', NEW.journal_id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NOT EXISTS (SELECT FROM account WHERE id = NEW.account_id AND currency = NEW.currency) THEN
    RAISE EXCEPTION 'account % is not kept in %', NEW.account_id, NEW.currency USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "posting_into_open_journal" BEFORE INSERT ON "posting" FOR EACH ROW EXECUTE FUNCTION "refuse_late_posting"();

CREATE FUNCTION "refuse_unbalanced"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE wrong TEXT;
BEGIN
  IF NOT EXISTS (SELECT FROM posting WHERE journal_id = NEW.id) THEN
    RAISE EXCEPTION 'journal % has no postings', NEW.id USING ERRCODE = 'check_violation';
  END IF;
  SELECT currency || ' ' || sum(amount) INTO wrong FROM posting WHERE journal_id = NEW.id GROUP BY currency HAVING sum(amount) <> 0 LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'journal % does not balance: %', NEW.id, wrong USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
-- On the journal and not on its postings: postings come only in the journal's own transaction, so one look at its end is enough.
CREATE CONSTRAINT TRIGGER "journal_balances" AFTER INSERT ON "journal"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "refuse_unbalanced"();

-- Balances follow the postings whoever writes them; accounts are locked in the order of their ids, so that journals never deadlock.
CREATE FUNCTION "keep_balances"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM account WHERE id IN (SELECT account_id FROM new_posting) AND NOT may_be_negative ORDER BY id FOR NO KEY UPDATE;
  UPDATE account SET balance = balance + moved.amount
    FROM (SELECT account_id, sum(amount)::BIGINT AS amount FROM new_posting GROUP BY account_id) AS moved
    WHERE account.id = moved.account_id AND NOT account.may_be_negative;
  RETURN NULL;
END $$;
CREATE TRIGGER "posting_keeps_balances" AFTER INSERT ON "posting"
  REFERENCING NEW TABLE AS new_posting FOR EACH STATEMENT EXECUTE FUNCTION "keep_balances"();

-- An account's balance changes only with its postings (a trigger inside a trigger), its nature never.
CREATE FUNCTION "refuse_account_change"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR pg_trigger_depth() < 2
    OR (NEW.id, NEW.kind, NEW.owner_id, NEW.normal_side, NEW.may_be_negative, NEW.currency, NEW.opened_at)
      IS DISTINCT FROM (OLD.id, OLD.kind, OLD.owner_id, OLD.normal_side, OLD.may_be_negative, OLD.currency, OLD.opened_at) THEN
    RAISE EXCEPTION 'account % changes only through postings', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "account_follows_postings" BEFORE UPDATE OR DELETE ON "account" FOR EACH ROW EXECUTE FUNCTION "refuse_account_change"();
CREATE FUNCTION "refuse_opening_balance"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.balance <> 0 THEN
    RAISE EXCEPTION 'account % must open with a balance of 0', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "account_opens_empty" BEFORE INSERT ON "account" FOR EACH ROW EXECUTE FUNCTION "refuse_opening_balance"();

-- Beside the triggers, the service's role has no grant either. The row lock of a foreign key needs UPDATE on one column of what it
-- refers to; the trigger above refuses the update itself.
REVOKE UPDATE, DELETE, TRUNCATE ON "journal", "posting", "payment_event" FROM CURRENT_USER;
GRANT UPDATE ("id") ON "journal" TO CURRENT_USER;
