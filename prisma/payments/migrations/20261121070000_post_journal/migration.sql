-- A journal in one statement: it, the accounts that it opens (in the order of their ids, so that two journals that open the same ones never
-- wait for each other), its postings. False when its reference was posted before. The triggers hold for whoever calls it.
CREATE FUNCTION "post_journal"(
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
  INSERT INTO posting (journal_id, account_id, amount, currency, purpose)
    SELECT new_id, moved.account_id, moved.amount::bigint, in_currency, moved.purpose
    FROM unnest(accounts, amounts, purposes) AS moved (account_id, amount, purpose);
  RETURN true;
END $$;
