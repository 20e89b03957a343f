-- What stood on the account after a posting, where the account keeps a balance; absent on postings from before.
ALTER TABLE "posting" ADD COLUMN "balance_after" BIGINT;

-- A journal in one statement, as before. Its accounts are held before its postings get their ids: those of one account follow its commits, and
-- each knows what is there after it.
CREATE OR REPLACE FUNCTION "post_journal"(
  "new_id" TEXT, "new_kind" TEXT, "new_reference" TEXT, "at" TIMESTAMPTZ, "in_currency" TEXT,
  "accounts" TEXT[], "kinds" TEXT[], "owners" TEXT[], "sides" TEXT[], "negatives" TEXT[], "amounts" TEXT[], "purposes" TEXT[]
) RETURNS BOOLEAN LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO journal (id, kind, reference, posted_at) VALUES (new_id, new_kind, new_reference, at) ON CONFLICT (reference) DO NOTHING;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO account (id, kind, owner_id, normal_side, may_be_negative, currency, opened_at)
    SELECT DISTINCT wanted.id, wanted.kind, wanted.owner_id, wanted.normal_side, wanted.may_be_negative = 'yes', in_currency, at
    FROM unnest(accounts, kinds, owners, sides, negatives) AS wanted (id, kind, owner_id, normal_side, may_be_negative)
    WHERE NOT EXISTS (SELECT FROM account AS known WHERE known.id = wanted.id) ORDER BY 1 ON CONFLICT (id) DO NOTHING;
  PERFORM 1 FROM account WHERE id = ANY(accounts) AND NOT may_be_negative ORDER BY id FOR NO KEY UPDATE;
  INSERT INTO posting (journal_id, account_id, amount, currency, purpose, balance_after)
    SELECT new_id, moved.account_id, moved.amount::bigint, in_currency, moved.purpose, CASE WHEN NOT held.may_be_negative THEN
        held.balance + sum(moved.amount::bigint) OVER (PARTITION BY moved.account_id ORDER BY moved.place) END
    FROM unnest(accounts, amounts, purposes) WITH ORDINALITY AS moved (account_id, amount, purpose, place)
      JOIN account AS held ON held.id = moved.account_id
    ORDER BY moved.place;
  RETURN true;
END $$;

-- Balances follow the postings as before; a posting that tells another balance than there is after it is refused, whoever writes it.
CREATE OR REPLACE FUNCTION "keep_balances"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
DECLARE wrong TEXT;
BEGIN
  PERFORM 1 FROM account WHERE id IN (SELECT account_id FROM new_posting) AND NOT may_be_negative ORDER BY id FOR NO KEY UPDATE;
  UPDATE account SET balance = balance + moved.amount
    FROM (SELECT account_id, sum(amount)::BIGINT AS amount FROM new_posting GROUP BY account_id) AS moved
    WHERE account.id = moved.account_id AND NOT account.may_be_negative;
  SELECT account_id INTO wrong FROM (
      SELECT account_id, balance_after, CASE WHEN NOT may_be_negative THEN account.balance - coalesce(sum(amount) OVER
        (PARTITION BY account_id ORDER BY told.id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) END AS kept
      FROM new_posting AS told JOIN account ON account.id = account_id) AS one
    WHERE balance_after IS NOT NULL AND balance_after IS DISTINCT FROM kept LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a posting on account % tells a balance that is not there', wrong USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
